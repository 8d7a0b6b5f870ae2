#include "doctor/advice.hpp"

#include "exit_code.hpp"

#include <httptest/error.hpp>

namespace httptest::cli {

std::string connectionAdvice(std::exception const& error, Settings const& settings) {
    std::string const baseUrl = settings.howToSet("base_url");
    switch (exitCodeOf(error)) {
    case ExitCode::name:
        return "check the host name in " + baseUrl + "; where only a proxy knows it, set " +
               settings.howToSet("proxy_url");
    case ExitCode::connect:
        return "check host and port in " + baseUrl + ", and that the server is up; where a firewall is between, set " +
               settings.howToSet("proxy_url");
    case ExitCode::proxy: return "check " + settings.howToSet("proxy_url");
    case ExitCode::tls:
        return "ca_file is " + settings.howToSet("ca_file") + "; scheme and port are those of " + baseUrl;
    default:
        return "check that " + baseUrl + " is the address of an HTTP server; a slow one may need a longer --timeout";
    }
}

std::string loginAdvice(std::exception const& error, Settings const& settings) {
    if (dynamic_cast<CredentialsRejected const*>(&error) != nullptr) {
        return "compare id and secret with those that the server knows; a secret with a stray newline or quote is "
               "another "
               "one. `httptest config` shows where each comes from";
    }
    if (dynamic_cast<Misconfigured const*>(&error) != nullptr) {
        return "correct what the line above names; `httptest config` shows where each setting comes from";
    }
    if (dynamic_cast<LoginThrottled const*>(&error) != nullptr) {
        return "wait, and let test processes share their logins";
    }
    if (dynamic_cast<LoginUnavailable const*>(&error) != nullptr) {
        return "the server's identity service is not up: wait for it, or ask who runs it";
    }
    if (dynamic_cast<LoginTimedOut const*>(&error) != nullptr) {
        return "try a longer --timeout; if that helps, raise HTTPTEST_LOGIN_TIMEOUT_MS";
    }
    return "check that " + settings.howToSet("base_url") + " is the API's address and not that of a gateway's page";
}

std::string statusAdvice(int status, Settings const& settings) {
    switch (status) {
    case 401:
        return "the server accepts none of its own tokens: another tenant's base URL, or an issuer that it does not "
               "know";
    case 403:
        return "the token is good, its subject may not read this: give it a role, or name another path with --path";
    case 404: return "name a path that exists with --path, or correct the path in " + settings.howToSet("base_url");
    default:
        return status >= 500 ? "the server or a gateway before it is in trouble: wait, or ask who runs it"
                             : "name another path with --path";
    }
}

} // namespace httptest::cli
