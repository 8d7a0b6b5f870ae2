// In a file and a suite of its own, since what counts or checks every step (coverage, valgrind) takes minutes for it.

#include "made_exchange.hpp"
#include "recorded_reports.hpp"
#include "support/contains.hpp"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace {

std::string tenMegabytes(char of) {
    std::string text;
    text.resize(10'000'000, of);
    return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_bodies, RecordedReports)

BOOST_AUTO_TEST_CASE(leave_the_text_well_formed_and_bounded) {
    std::string const escapes = "\x1b[31m ]]> \x07 \xff\xfe \xc3 \xed\xa0\x80";
    std::vector<std::string> const bodies = {
        escapes,
        std::string("{\"a\":\"\0\"}", 9),
        "{\"a\":\"\\u001b[31m ]]> \\u0000\"}",
        "{\"]]>\":1}",
        tenMegabytes('x'),
        tenMegabytes('\xff'),
        "{\"a\":\"" + tenMegabytes('\x7f') + "\"}",
        "[" + tenMegabytes(' ') + "]",
        tenMegabytes('['),
        "\"" + tenMegabytes('\\'),
        "{\"" + tenMegabytes('n') + "\":1}",
        "{\"a\":" + std::string(1'000'000, '9') + "}",
    };
    for (std::string const& body : bodies) {
        jsonExchange(body).expectJson("/a", 1).expectBody("y").expectJson("", nlohmann::json{{"b", 2}});
        for (auto const& failure : failures()) {
            BOOST_TEST(failure.text.size() < 12'000U);
            BOOST_TEST((httptest::cleanForXml(failure.text) == failure.text));
            BOOST_TEST(!::contains(failure.text, "]]>"));
        }
    }
    BOOST_TEST(failures().size() == 3 * bodies.size());
}

BOOST_AUTO_TEST_SUITE_END()
