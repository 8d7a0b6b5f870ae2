#include "token/lifetime.hpp"

#include "support/make_jwt.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

using namespace std::chrono_literals;
using namespace httptest;
using httptest::testing::makeJwt;

namespace {

namespace data = boost::unit_test::data;

constexpr Instant left{SteadyTime(1000s), std::chrono::sys_days(std::chrono::January / 1 / 2026) + 12h};
constexpr Instant arrived{left.steady + 300ms, left.wall + 300ms};
constexpr auto now = std::int64_t{1'767'268'800}; // left.wall

std::shared_ptr<AccessToken const> tokenFrom(std::string const& text, std::optional<std::chrono::seconds> expiresIn,
                                             std::optional<WallTime> serverTime = std::nullopt, double jitter = 0,
                                             Instant back = arrived) {
    Token token;
    token.accessToken = Secret(text);
    token.expiresIn = expiresIn;
    token.serverTime = serverTime;
    return accessToken(token, left, back, TokenPolicy{}, jitter);
}

std::string claims(std::optional<std::int64_t> iat, std::optional<std::int64_t> exp) {
    std::string json = R"({"sub":"ci")";
    json += iat ? R"(,"iat":)" + std::to_string(*iat) : "";
    json += exp ? R"(,"exp":)" + std::to_string(*exp) : "";
    return makeJwt(json + "}");
}

std::chrono::nanoseconds lifetimeOf(AccessToken const& token) {
    return token.expiresAt - token.obtainedAt;
}

struct Source {
    char const* what;
    std::string token;
    std::optional<std::chrono::seconds> expiresIn;
    std::chrono::seconds lifetime;
    char const* source;
};

std::ostream& operator<<(std::ostream& out, Source const& row) {
    return out << row.what;
}

std::string const opaque = "an-opaque-token-of-this-table";

Source const sources[] = {
    {"expires_in alone", opaque, 3600s, 3600s, "expires_in"},
    {"expires_in of one second", opaque, 1s, 1s, "expires_in"},
    {"nothing", opaque, std::nullopt, 300s, "unknown, assumed"},
    {"expires_in of zero", opaque, 0s, 300s, "unknown, assumed"},
    {"a negative expires_in", opaque, -1s, 300s, "unknown, assumed"},
    {"the most negative expires_in", opaque, std::chrono::seconds::min(), 300s, "unknown, assumed"},
    {"the longest expires_in", opaque, std::chrono::seconds::max(), 3650 * 24h, "expires_in"},
    {"ten years", opaque, 3650 * 24h, 3650 * 24h, "expires_in"},
    {"ten years and a second", opaque, 3650 * 24h + 1s, 3650 * 24h, "expires_in"},
    {"iat and exp", claims(now, now + 600), std::nullopt, 600s, "exp - iat"},
    {"iat and exp below expires_in", claims(now, now + 599), 600s, 599s, "exp - iat"},
    {"iat and exp equal to expires_in", claims(now, now + 600), 600s, 600s, "expires_in"},
    {"iat and exp above expires_in", claims(now, now + 601), 600s, 600s, "expires_in"},
    {"exp equal to iat", claims(now, now), std::nullopt, 300s, "unknown, assumed"},
    {"exp before iat", claims(now, now - 1), std::nullopt, 300s, "unknown, assumed"},
    {"exp before iat, with expires_in", claims(now, now - 1), 600s, 600s, "expires_in"},
    {"exp a second after iat", claims(now, now + 1), std::nullopt, 1s, "exp - iat"},
    {"iat and exp ten minutes ahead of us", claims(now + 600, now + 1200), std::nullopt, 600s, "exp - iat"},
    {"iat and exp ten minutes behind us", claims(now - 600, now), std::nullopt, 600s, "exp - iat"},
    {"from 1970 to 9999", claims(0, 253'402'300'799), std::nullopt, 3650 * 24h, "exp - iat"},
    {"exp alone", claims(std::nullopt, now + 600), std::nullopt, 600s, "exp"},
    {"exp alone, above expires_in", claims(std::nullopt, now + 601), 600s, 600s, "expires_in"},
    {"exp alone, below expires_in", claims(std::nullopt, now + 599), 600s, 599s, "exp"},
    {"exp alone, just now", claims(std::nullopt, now), std::nullopt, 300s, "unknown, assumed"},
    {"exp alone, in the past", claims(std::nullopt, now - 600), std::nullopt, 300s, "unknown, assumed"},
    {"iat alone", claims(now, std::nullopt), std::nullopt, 300s, "unknown, assumed"},
};

struct Skew {
    std::chrono::seconds skew;
    bool issuedAt;
};

std::ostream& operator<<(std::ostream& out, Skew const& row) {
    return out << row.skew.count() << " s, " << (row.issuedAt ? "with" : "without") << " iat";
}

Skew const skews[] = {
    {-600s, true}, {-6s, true},    {0s, true},  {5s, true},    {600s, true},
    {24h, true},   {-600s, false}, {0s, false}, {600s, false},
};

struct Steering {
    std::chrono::seconds lifetime;
    std::chrono::nanoseconds margin;
    std::chrono::nanoseconds window;
};

std::ostream& operator<<(std::ostream& out, Steering const& row) {
    return out << row.lifetime.count() << " s";
}

Steering const steerings[] = {
    {5s, 500ms, 1s}, {6s, 600ms, 1200ms}, {10s, 1s, 2s},        {49s, 4900ms, 9800ms},
    {50s, 5s, 10s},  {51s, 5s, 10200ms},  {299s, 5s, 59'800ms}, {300s, 5s, 60s},
    {301s, 5s, 60s}, {3600s, 5s, 60s},    {24h, 5s, 60s},       {30 * 24h, 5s, 60s},
};

} // namespace

BOOST_AUTO_TEST_SUITE(lifetime)

BOOST_DATA_TEST_CASE(comes_from_the_shortest_that_is_known, data::make(sources), row) {
    auto const token = tokenFrom(row.token, row.expiresIn);
    BOOST_TEST((lifetimeOf(*token) == row.lifetime), lifetimeOf(*token).count());
    BOOST_TEST(token->lifetimeSource == row.source);
}

BOOST_AUTO_TEST_CASE(is_counted_from_when_the_request_left) {
    auto const token = tokenFrom(opaque, 3600s, std::nullopt, 0, {left.steady + 20s, left.wall + 20s});
    BOOST_TEST((token->obtainedAt == left.steady));
    BOOST_TEST((token->expiresAt == left.steady + 3600s));
}

BOOST_DATA_TEST_CASE(skewed_clocks_do_not_matter_when_the_reply_has_a_date, data::make(skews), row) {
    std::int64_t const server = now + row.skew.count();
    auto const token = tokenFrom(claims(row.issuedAt ? std::optional(server) : std::nullopt, server + 600),
                                 std::nullopt, arrived.wall + row.skew);
    BOOST_TEST((lifetimeOf(*token) == 600s), lifetimeOf(*token).count());
    BOOST_TEST((token->clockSkew == row.skew));
}

BOOST_AUTO_TEST_CASE(exp_alone_without_a_date_is_measured_against_our_clock) {
    BOOST_TEST((lifetimeOf(*tokenFrom(claims(std::nullopt, now + 600 + 3600), std::nullopt)) == 4200s));
    BOOST_TEST((lifetimeOf(*tokenFrom(claims(std::nullopt, now - 600 + 3600), std::nullopt)) == 3000s));
    auto const behind = tokenFrom(claims(std::nullopt, now - 600 + 300), std::nullopt);
    BOOST_TEST(behind->lifetimeSource == "unknown, assumed");
    BOOST_TEST((behind->clockSkew == 0s));
}

BOOST_DATA_TEST_CASE(margin_and_window_shrink_with_it, data::make(steerings), row) {
    auto const token = tokenFrom(opaque, row.lifetime);
    BOOST_TEST((token->expiresAt == left.steady + row.lifetime));
    BOOST_TEST((token->usableUntil == token->expiresAt - row.margin));
    BOOST_TEST((token->refreshFrom == token->usableUntil - row.window));
    BOOST_TEST((token->refreshFrom > token->obtainedAt));
}

BOOST_AUTO_TEST_CASE(jitter_moves_the_window_by_a_quarter_of_it_at_most) {
    auto const opening = [](double jitter) {
        auto const token = tokenFrom(opaque, 3600s, std::nullopt, jitter);
        return token->usableUntil - token->refreshFrom;
    };
    BOOST_TEST((opening(0) == 60s));
    BOOST_TEST((opening(0.5) == 52'500ms));
    BOOST_TEST((opening(1) == 45s));
}

BOOST_AUTO_TEST_CASE(below_five_seconds_a_token_is_used_for_five) {
    for (auto const length : {1s, 2s, 4s}) {
        auto const token = tokenFrom(opaque, length);
        BOOST_TEST((token->expiresAt == left.steady + length));
        BOOST_TEST((token->usableUntil == left.steady + 5s));
        BOOST_TEST((token->refreshFrom == token->usableUntil));
    }
}

BOOST_AUTO_TEST_CASE(the_header_value_and_the_claims_are_ready_for_use) {
    auto const token = tokenFrom(claims(now, now + 600), std::nullopt);
    BOOST_TEST(token->authorization == "Bearer " + claims(now, now + 600));
    BOOST_TEST(token->subject == "ci");
    BOOST_TEST(token->fingerprint == Secret(claims(now, now + 600)).fingerprint());
    BOOST_TEST(tokenFrom(opaque, 60s)->subject.empty());
}

// A fault of the Run:ai Python client, where such a token is an error.
BOOST_AUTO_TEST_CASE(runapy_fault_a_token_without_exp_has_an_assumed_lifetime) {
    auto const token = tokenFrom(claims(std::nullopt, std::nullopt), std::nullopt);
    BOOST_TEST((lifetimeOf(*token) == TokenPolicy{}.unknownLifetime));
}

BOOST_AUTO_TEST_SUITE_END()
