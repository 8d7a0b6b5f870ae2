#include "credentials/credential_command.hpp"

#include "child_process.hpp"
#include "credentials/ready_token.hpp"
#include "credentials/setting_place.hpp"
#include "factory.hpp"
#include "printable.hpp"
#include "reply_fields.hpp"
#include "token_fields.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/redactor.hpp>

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

namespace runai {

namespace {

using End = ChildResult::End;

constexpr auto key = "credential_command";
constexpr std::size_t longestOutput = std::size_t{64} * 1024;
constexpr std::size_t errorsKept = std::size_t{8} * 1024;
constexpr std::size_t errorsShown = 400;
constexpr std::size_t longestName = 100;
/// As long as the SDK waits before it tries rejected credentials again that have worked before.
constexpr auto worthAskingAfter = std::chrono::minutes(1);
constexpr auto expected = R"(; expected is {"clientId": …, "clientSecret": …} or {"token": …, "expiresIn": …})";

std::vector<std::string> readArguments(httptest::Settings const& settings) {
    std::vector<std::string> arguments;
    auto const array = nlohmann::json::parse(settings.text(key), nullptr, false);
    for (auto const& element : array.is_array() ? array : nlohmann::json::array()) {
        bool const fits = element.is_string() && element.get_ref<std::string const&>().find('\0') == std::string::npos;
        if (!fits) {
            arguments.clear();
            break;
        }
        arguments.push_back(element.get<std::string>());
    }
    if (arguments.empty() || arguments.front().empty()) {
        throw httptest::Misconfigured(
            keyAndWhere(settings, key) +
            R"( is no JSON array of texts such as ["vault", "read", "-format=json", "…"]: program and arguments, for no )"
            R"(shell is there to split them; in a JSON file the array stands inside a text)");
    }
    return arguments;
}

std::vector<std::string> secretVariables() {
    std::vector<std::string> names;
    for (auto const& specs : {Factory().settings(), httptest::Harness::connectionSettingSpecs()}) {
        for (httptest::SettingSpec const& spec : specs) {
            if (spec.kind == httptest::SettingKind::secret) {
                names.push_back(httptest::variableName("runai", spec.key));
            }
        }
    }
    return names;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    return text.substr(0, text.find_last_not_of(space) + 1);
}

/// What a program printed, in a form that we know or in none, may stand on its standard error as well.
void keepOutOfErrors(std::string_view output, httptest::SteadyTime forgetAt) {
    httptest::keepOutOfOutput(trimmed(output), forgetAt);
    ReplyBody const body = readReplyBody(output);
    for (char const* const name : {"clientSecret", "token"}) {
        if (std::string const* const secret = body.fields.text(name)) {
            httptest::keepOutOfOutput(*secret, forgetAt);
        }
    }
}

/// The end of what the program said on standard error, redacted and cut at a word; empty when it said nothing.
std::string lastWords(std::string const& errors) {
    std::string text = httptest::redacted(errors);
    if (text.size() > errorsShown) {
        std::size_t const word = text.find_first_of(" \n", text.size() - errorsShown);
        text = word == std::string::npos ? std::string() : "…" + text.substr(word);
    }
    text = printable(text, errorsShown + 10);
    return text.empty() ? text : "; its last words on standard error: " + text;
}

class CredentialCommand final : public CredentialSource {
public:
    CredentialCommand(httptest::Settings const& settings, std::shared_ptr<httptest::Clock> clock)
        : clock_(std::move(clock)),
          arguments_(readArguments(settings)),
          timeout_(settings.milliseconds("credential_command_timeout_ms")),
          secretVariables_(secretVariables()) {
        settings.requireTrusted(key);
        std::string const program = "'" + printable(arguments_.front(), longestName) + "'";
        std::string const place = shortWhere(settings.where(key));
        name_ = "the credential command " + program + " (" + place + ")";
        account_.grant = Grant::clientCredentials;
        account_.description = "credential_command " + program;
        account_.toCheck = "what " + place + " prints";
        account_.hint = " The program is asked again after a minute at the latest, by the next request";
    }

    Account const& account() const noexcept override { return account_; }

    Obtained obtain(httptest::LoginContext const& context) override {
        std::chrono::nanoseconds const time = std::clamp<std::chrono::nanoseconds>(
            context.deadline - context.clock.steady(), std::chrono::nanoseconds(0), timeout_);
        ChildResult result = runChild(arguments_, withoutSecrets(environ, secretVariables_),
                                      {time, longestOutput, errorsKept}, context.stop);
        keepOutOfErrors(result.output, context.clock.steady() + std::chrono::minutes(10));
        struct Wiped {
            std::string& text;
            ~Wiped() { httptest::wipe(text); }
        };
        Wiped const wipedOutput{result.output};
        Wiped const wipedErrors{result.errors};
        if (result.end != End::exited || result.code != 0) {
            raise(result, time);
        }
        return read(result, context.clock.wall());
    }

    /// Nobody can tell what it would print without starting it: after a while it is worth asking.
    std::string version() const override {
        httptest::SteadyTime const now = clock_->steady();
        httptest::SteadyTime since = since_;
        if (now - since >= worthAskingAfter && since_.compare_exchange_strong(since, now)) {
            since = now;
        }
        return "as of " + std::to_string(since.time_since_epoch().count());
    }

private:
    [[noreturn]] void refuse(std::string const& what, ChildResult const& result) const {
        throw httptest::BadLoginReply("could not log in: " + name_ + " " + what + lastWords(result.errors));
    }

    [[noreturn]] void raise(ChildResult const& result, std::chrono::nanoseconds time) const {
        switch (result.end) {
        case End::exited: refuse("ended with status " + std::to_string(result.code), result);
        case End::killed: refuse("was ended by signal " + std::to_string(result.code), result);
        case End::flooded: refuse("printed more than 64 KiB; it was ended", result);
        case End::timedOut:
            refuse("did not end within " +
                       std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) +
                       " ms; it was ended",
                   result);
        case End::cancelled:
            throw httptest::Cancelled(httptest::Phase::send, "cancelled while " + name_ + " was running");
        case End::notStarted: break;
        }
        throw httptest::Misconfigured(name_ + " cannot be started: " + std::strerror(result.code));
    }

    Obtained read(ChildResult const& result, httptest::WallTime now) const {
        ReplyBody const body = readReplyBody(result.output);
        if (!body.fault.empty()) {
            refuse("printed something that " + body.fault + expected, result);
        }
        auto const& fields = body.fields;
        bool const pair = fields.find("clientId") != nullptr || fields.find("clientSecret") != nullptr;
        bool const token = fields.find("token") != nullptr;
        if (pair == token) {
            refuse(std::string(pair ? "printed both a client and a token" : "printed neither a client nor a token") +
                       expected,
                   result);
        }
        return pair ? readPair(fields, result) : readToken(fields, result, now);
    }

    Obtained readPair(ReplyFields const& fields, ChildResult const& result) const {
        std::string const* const id = fields.text("clientId");
        std::string const* const secret = fields.text("clientSecret");
        if (id == nullptr || secret == nullptr || id->empty() || secret->empty()) {
            refuse(std::string("printed a ") + (id == nullptr || id->empty() ? "clientId" : "clientSecret") +
                       " that is missing, empty or no text" + expected,
                   result);
        }
        return Credentials{*id, httptest::Secret(*secret)};
    }

    Obtained readToken(ReplyFields const& fields, ChildResult const& result, httptest::WallTime now) const {
        std::string const* const token = fields.text("token");
        LifetimeField const lifetime = readLifetime(fields.find("expiresIn"));
        if (token == nullptr) {
            refuse(std::string("printed a token that is no text") + expected, result);
        }
        if (!lifetime.valid) {
            refuse("printed an expiresIn that " + std::string(lifetimeRule), result);
        }
        httptest::Token ready;
        try {
            ready = usableToken(httptest::Secret(*token), now, "the token", "the command must print a fresh one");
        } catch (httptest::Misconfigured const& error) {
            // Not final: it may print another one next time.
            refuse(std::string("printed no usable token: ") + error.what(), result);
        }
        if (lifetime.value && (!ready.expiresIn || *lifetime.value < *ready.expiresIn)) {
            ready.expiresIn = lifetime.value;
        }
        return ready;
    }

    std::shared_ptr<httptest::Clock> const clock_;
    std::vector<std::string> const arguments_;
    std::chrono::nanoseconds const timeout_;
    std::vector<std::string> const secretVariables_;
    std::string name_;
    Account account_;
    mutable std::atomic<httptest::SteadyTime> since_{httptest::SteadyTime()}; ///< The version's.
};

} // namespace

std::unique_ptr<CredentialSource> credentialCommand(httptest::Settings const& settings,
                                                    std::shared_ptr<httptest::Clock> clock) {
    return std::make_unique<CredentialCommand>(settings, std::move(clock));
}

std::vector<std::string> withoutSecrets(char const* const* environment,
                                        std::vector<std::string> const& secretVariables) {
    std::vector<std::string> kept;
    for (; environment != nullptr && *environment != nullptr; ++environment) {
        std::string_view const entry = *environment;
        std::string_view const name = entry.substr(0, entry.find('='));
        auto const speaksOf = [name](std::string_view word) { return name.find(word) != std::string_view::npos; };
        bool const ours = name.starts_with("RUNAI_") || name.starts_with("HTTPTEST_");
        bool const secret = ours && (speaksOf("SECRET") || speaksOf("TOKEN") || speaksOf("PASSWORD") ||
                                     speaksOf("PASSPHRASE") || speaksOf("PROXY")); // whose URL may hold a password
        bool const known = std::find(secretVariables.begin(), secretVariables.end(), name) != secretVariables.end();
        if (!secret && !known) {
            kept.emplace_back(entry);
        }
    }
    return kept;
}

} // namespace runai
