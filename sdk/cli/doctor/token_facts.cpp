#include "doctor/token_facts.hpp"

#include "duration.hpp"
#include "time_text.hpp"

#include <httptest/jwt.hpp>

namespace httptest::cli {

namespace {

constexpr std::string_view bearer = "Bearer ";

void add(Step& step, char const* fact, char const* label, std::string const& value) {
    if (!value.empty()) {
        step.text += (step.text.empty() ? "" : ", ") + std::string(label) + value;
        step.facts.emplace_back(fact, value);
    }
}

} // namespace

Step describeToken(AuthStatus const& status, std::string_view authorization, Instant now,
                   std::optional<std::chrono::seconds> needed) {
    Step step{"token", Result::ok};
    JwtClaims const claims =
        readJwt(authorization.starts_with(bearer) ? authorization.substr(bearer.size()) : authorization)
            .value_or(JwtClaims{});
    add(step, "fingerprint", "fingerprint ", status.fingerprint);
    add(step, "subject", "subject ", status.subject.empty() ? claims.subject : status.subject);
    add(step, "tenant", "tenant ", claims.tenant);
    add(step, "issuer", "issuer ", claims.issuer);
    if (!status.expiresAt) {
        return step;
    }
    auto const rest = *status.expiresAt - now.steady;
    std::string const end = utcText(now.wall + rest);
    step.facts.emplace_back("ends", end);
    step.text += (step.text.empty() ? "ends " : "\nends ") + end + ", in " + describeDuration(rest) + " (" +
                 status.lifetimeSource + ")";
    step.facts.emplace_back("lifetime_source", status.lifetimeSource);
    step.facts.emplace_back("seconds_left", std::to_string(std::chrono::floor<std::chrono::seconds>(rest).count()));
    step.facts.emplace_back("renewable", status.renewable ? "true" : "false");
    step.text += status.renewable ? "; then another login" : "; it cannot be renewed";
    if (needed && !status.renewable && rest < *needed) {
        step.result = Result::failed;
        step.text += ", and --for asks for " + describeDuration(*needed);
        step.remedy =
            "give a token that lasts longer, or credentials that a new one can be had with (a client id and its "
            "secret)";
    }
    if (!status.renewableUntil) {
        return step;
    }
    auto const loginsRest = *status.renewableUntil - now.wall;
    step.facts.emplace_back("logins_end", utcText(*status.renewableUntil));
    step.text += "\nwhat logs in ends " + utcText(*status.renewableUntil) + ", in " + describeDuration(loginsRest);
    if (needed && loginsRest < *needed) {
        step.result = Result::warned;
        step.text += ", and --for asks for " + describeDuration(*needed);
        step.remedy =
            "see that its file is rewritten in time: Kubernetes and Vault do so, Jenkins does not within a "
            "withCredentials block";
    }
    return step;
}

} // namespace httptest::cli
