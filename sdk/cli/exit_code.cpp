#include "exit_code.hpp"

#include "arguments.hpp"

#include <httptest/error.hpp>

#include <array>

namespace httptest::cli {

namespace {

constexpr std::array meanings{
    ExitCodeMeaning{ExitCode::ok, "All is well."},
    ExitCodeMeaning{ExitCode::failed, "Something else failed, such as writing the output."},
    ExitCodeMeaning{ExitCode::usage, "The command line is wrong."},
    ExitCodeMeaning{ExitCode::configuration, "A setting is missing, unknown, malformed or in conflict."},
    ExitCodeMeaning{ExitCode::plugin, "The auth provider's library is missing or cannot be used."},
    ExitCodeMeaning{ExitCode::name, "The host's name cannot be resolved."},
    ExitCodeMeaning{ExitCode::connect, "No address accepts a connection."},
    ExitCodeMeaning{ExitCode::proxy, "The proxy refuses."},
    ExitCodeMeaning{ExitCode::tls, "TLS: certificate, host name, version, CA file, client certificate."},
    ExitCodeMeaning{ExitCode::exchange, "Connected, but no whole HTTP reply came in time."},
    ExitCodeMeaning{ExitCode::tokenApi, "The login's endpoint is absent, unavailable, or answers no token."},
    ExitCodeMeaning{ExitCode::login, "The credentials are refused, or cannot be read."},
    ExitCodeMeaning{ExitCode::token, "There is no token, or it ends before --for and cannot be renewed."},
    ExitCodeMeaning{ExitCode::request, "The authorized request failed (request: a status from 400 on, with --fail)."},
};

ExitCode codeOf(TransportError const& error) {
    switch (error.phase()) {
    case Phase::resolve: return ExitCode::name;
    case Phase::connect: return ExitCode::connect;
    case Phase::proxy: return ExitCode::proxy;
    case Phase::tls: return ExitCode::tls;
    case Phase::send:
    case Phase::firstByte:
    case Phase::body: break;
    }
    return ExitCode::exchange;
}

template <class Type>
bool is(std::exception const& error) {
    return dynamic_cast<Type const*>(&error) != nullptr;
}

} // namespace

std::span<ExitCodeMeaning const> exitCodes() {
    return meanings;
}

ExitCode exitCodeOf(std::exception const& error) {
    if (auto const* transport = dynamic_cast<TransportError const*>(&error)) {
        return codeOf(*transport);
    }
    if (is<UsageError>(error) || is<InvalidRequest>(error)) {
        return ExitCode::usage;
    }
    if (is<Misconfigured>(error)) {
        return is<PluginError>(error) ? ExitCode::plugin : ExitCode::configuration;
    }
    if (is<LoginError>(error)) {
        return is<CredentialsRejected>(error) ? ExitCode::login : ExitCode::tokenApi;
    }
    return is<RedirectError>(error) ? ExitCode::request : ExitCode::failed;
}

} // namespace httptest::cli
