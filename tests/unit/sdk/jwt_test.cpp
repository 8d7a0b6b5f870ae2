#include "support/make_jwt.hpp"

#include <httptest/jwt.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace {

namespace data = boost::unit_test::data;
using httptest::testing::makeJwt;

struct NoJwt {
    char const* what;
    std::string token;
};

std::ostream& operator<<(std::ostream& out, NoJwt const& row) {
    return out << row.what;
}

NoJwt const noJwts[] = {
    {"empty", ""},
    {"opaque", "d41d8cd98f00b204e9800998ecf8427e"},
    {"two parts", "eyJhbGciOiJSUzI1NiJ9.e30"},
    {"four parts", "e30.e30.e30.e30"},
    {"five parts, as an encrypted one has", "e30.e30.e30.e30.e30"},
    {"only dots", ".."},
    {"an empty payload", "e30..c2ln"},
    {"a payload in plain base64", "e30.+/8.c2ln"},
    {"a payload with a space", "e30.e 30.c2ln"},
    {"a payload that is no JSON", "e30." + base64Url("not json") + ".c2ln"},
    {"a payload that is cut short", "e30." + base64Url(R"({"sub":"ci","exp":17)") + ".c2ln"},
    {"an array", "e30." + base64Url("[1]") + ".c2ln"},
    {"a number", "e30." + base64Url("1") + ".c2ln"},
    {"a payload over 64 kB", "e30." + std::string(std::size_t{64} * 1024 + 1, 'A') + ".c2ln"},
};

struct Claim {
    char const* json;
    std::optional<std::int64_t> seconds;
};

std::ostream& operator<<(std::ostream& out, Claim const& row) {
    return out << row.json;
}

Claim const claimTable[] = {
    {"0", 0},
    {"1", 1},
    {"1767259800", 1'767'259'800},
    {"1767259800.75", 1'767'259'800},
    {"1.7672598e9", 1'767'259'800},
    {"253402300799", 253'402'300'799}, // the last second of the year 9999
    {"253402300800", std::nullopt},
    {"18446744073709551615", std::nullopt},
    {"1e300", std::nullopt},
    {"-1", std::nullopt},
    {"\"1767259800\"", std::nullopt},
    {"null", std::nullopt},
    {"true", std::nullopt},
    {"[1767259800]", std::nullopt},
    {"{}", std::nullopt},
};

} // namespace

BOOST_AUTO_TEST_SUITE(jwt_claims)

BOOST_AUTO_TEST_CASE(reads_subject_and_times) {
    auto const read =
        httptest::readJwt(makeJwt(R"({"sub":"ci@example.test","iat":1767259800,"exp":1767263400,"other":[1]})"));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->subject == "ci@example.test");
    BOOST_TEST(read->issuedAt.value() == 1'767'259'800);
    BOOST_TEST(read->expiresAt.value() == 1'767'263'400);
}

BOOST_AUTO_TEST_CASE(claims_may_be_absent) {
    auto const read = httptest::readJwt(makeJwt("{}"));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->subject.empty());
    BOOST_TEST(!read->issuedAt.has_value());
    BOOST_TEST(!read->expiresAt.has_value());
}

BOOST_AUTO_TEST_CASE(a_subject_that_is_no_text_is_left_out) {
    BOOST_TEST(httptest::readJwt(makeJwt(R"({"sub":7})"))->subject.empty());
}

// A fault of the Run:ai Python client, which decodes with plain base64.
BOOST_AUTO_TEST_CASE(runapy_fault_exp_is_read_from_a_payload_with_minus_and_underscore) {
    std::string const token = makeJwt(R"({"sub":"~~~~?>?>ÿÿÿ~","exp":1767263400})");
    std::string const payload = token.substr(token.find('.') + 1);
    BOOST_REQUIRE(payload.find('-') != std::string::npos);
    BOOST_REQUIRE(payload.find('_') != std::string::npos);
    auto const read = httptest::readJwt(token);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->expiresAt.value() == 1'767'263'400);
    BOOST_TEST(read->subject == "~~~~?>?>ÿÿÿ~");
}

BOOST_AUTO_TEST_CASE(payloads_of_every_length_modulo_three_are_read) {
    for (std::string subject : {"a", "ab", "abc", "abcd"}) {
        auto const read = httptest::readJwt(makeJwt(R"({"sub":")" + subject + R"("})"));
        BOOST_REQUIRE(read.has_value());
        BOOST_TEST(read->subject == subject);
    }
}

BOOST_AUTO_TEST_CASE(padding_is_tolerated) {
    BOOST_TEST(httptest::readJwt("e30=.eyJleHAiOjF9==.c2ln")->expiresAt.value() == 1);
}

BOOST_DATA_TEST_CASE(what_is_no_jwt_is_an_opaque_token, data::make(noJwts), row) {
    BOOST_TEST(!httptest::readJwt(row.token).has_value());
}

BOOST_DATA_TEST_CASE(times_are_plausible_numbers_or_absent, data::make(claimTable), row) {
    auto const read = httptest::readJwt(makeJwt(std::string(R"({"exp":)") + row.json + R"(,"iat":)" + row.json + "}"));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST((read->expiresAt == row.seconds));
    BOOST_TEST((read->issuedAt == row.seconds));
}

BOOST_AUTO_TEST_SUITE_END()
