#pragma once

#include "factory.hpp"
#include "run_ai_token_source.hpp"
#include "token_api_choice.hpp"

#include "support/make_jwt.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/settings.hpp>
#include <httptest/testing/fake_clock.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/token_source.hpp>
#include <httptest/url.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runai::testing {

using Environment = httptest::Configuration::Environment;

/// High-entropy, and different in every encoding.
inline constexpr std::string_view canary = R"(q7Zp+/=&"\%kä s3Xw91LmT0)";

/// The section as the harness would resolve it.
inline httptest::Settings resolve(Environment const& environment) {
    std::vector<httptest::SettingSpec> specs = Factory().settings();
    specs.push_back({"base_url", httptest::SettingKind::url, "", "", {}});
    return httptest::Configuration::fromEnvironment(environment).resolve("runai", specs);
}

inline Environment clientEnvironment() {
    return {{"RUNAI_BASE_URL", "https://cp.example"},
            {"RUNAI_CLIENT_ID", "ci-bot"},
            {"RUNAI_CLIENT_SECRET", std::string(canary)}};
}

inline Environment appEnvironment() {
    return {{"RUNAI_BASE_URL", "https://cp.example"},
            {"RUNAI_APP_ID", "ci-app"},
            {"RUNAI_APP_SECRET", std::string(canary)}};
}

inline Environment with(Environment environment, std::string const& name, std::string const& value) {
    environment[name] = value;
    return environment;
}

enum class Outcome { token, rejected, badReply, throttled, unavailable, misconfigured, transport, other };

inline char const* nameOf(Outcome outcome) {
    switch (outcome) {
    case Outcome::token: return "token";
    case Outcome::rejected: return "CredentialsRejected";
    case Outcome::badReply: return "BadLoginReply";
    case Outcome::throttled: return "LoginThrottled";
    case Outcome::unavailable: return "LoginUnavailable";
    case Outcome::misconfigured: return "Misconfigured";
    case Outcome::transport: return "TransportError";
    case Outcome::other: break;
    }
    return "something else";
}

inline std::ostream& operator<<(std::ostream& stream, Outcome outcome) {
    return stream << nameOf(outcome);
}

struct LoginResult {
    Outcome outcome = Outcome::other;
    std::string text; ///< The error's.
    httptest::Token token;
    httptest::RetryAfter retryAfter;
};

/// A token source over a scripted transport. Nothing is remembered from one object to the next.
struct LoginFixture {
    std::shared_ptr<httptest::testing::FakeClock> clock = std::make_shared<httptest::testing::FakeClock>();
    httptest::testing::ScriptedTransport transport{clock};
    TokenApiMemory memory;
    std::optional<RunAiTokenSource> source;

    explicit LoginFixture(Environment const& environment = clientEnvironment()) {
        httptest::Settings const settings = resolve(environment);
        source.emplace(httptest::Url::parse(settings.text("base_url")), settings, memory);
    }

    LoginResult login(httptest::Secret const* refreshToken = nullptr) {
        LoginResult result;
        try {
            result.token =
                source->fetch({transport, *clock, clock->steady() + std::chrono::seconds(30), {}, refreshToken});
            result.outcome = Outcome::token;
        } catch (httptest::CredentialsRejected const& error) {
            result = {Outcome::rejected, error.what(), {}, {}};
        } catch (httptest::LoginThrottled const& error) {
            result = {Outcome::throttled, error.what(), {}, error.retryAfter()};
        } catch (httptest::LoginUnavailable const& error) {
            result = {Outcome::unavailable, error.what(), {}, error.retryAfter()};
        } catch (httptest::BadLoginReply const& error) {
            result = {Outcome::badReply, error.what(), {}, {}};
        } catch (httptest::Misconfigured const& error) {
            result = {Outcome::misconfigured, error.what(), {}, {}};
        } catch (httptest::TransportError const& error) {
            result = {Outcome::transport, error.what(), {}, {}};
        } catch (std::exception const& error) {
            result = {Outcome::other, error.what(), {}, {}};
        }
        return result;
    }

    /// Seconds since 1970 by the fixture's clock, as a JWT counts them.
    std::int64_t inSeconds(std::chrono::seconds fromNow) const {
        return std::chrono::floor<std::chrono::seconds>(clock->wall().time_since_epoch() + fromNow).count();
    }

    /// A JWT that was issued a minute ago.
    std::string jwtEndingIn(std::chrono::seconds left, std::string const& subject = "ci") const {
        return httptest::testing::makeJwt(R"({"sub":")" + subject + R"(","iat":)" +
                                          std::to_string(inSeconds(std::chrono::seconds(-60))) + R"(,"exp":)" +
                                          std::to_string(inSeconds(left)) + "}");
    }

    /// The APIs asked so far: "v2 v1".
    std::string asked() const {
        std::string apis;
        for (httptest::Request const& request : transport.requests()) {
            apis += (apis.empty() ? "" : " ") + request.url.target.substr(std::string_view("/api/").size(), 2);
        }
        return apis;
    }
};

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace runai::testing
