#include <httptest/error.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

namespace {

using httptest::cleanForXml;
using httptest::Location;
using httptest::Outcome;

struct Reported {
    Outcome outcome;
    Location where;
    std::string text;
};

std::vector<Reported>& reported() {
    static std::vector<Reported> reports;
    return reports;
}

/// The process's reporter is this suite's for the length of a case.
class ReporterFixture {
public:
    ReporterFixture()
        : before_(httptest::setReporter([](Outcome outcome, Location where, std::string const& text) {
              reported().push_back({outcome, where, text});
          })) {
        reported().clear();
    }
    ~ReporterFixture() { httptest::setReporter(before_); }
    ReporterFixture(ReporterFixture const&) = delete;
    ReporterFixture& operator=(ReporterFixture const&) = delete;

private:
    httptest::Reporter before_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reporter, ReporterFixture)

BOOST_AUTO_TEST_CASE(a_failure_reaches_the_reporter_with_its_place) {
    httptest::report(Outcome::failed, {"a.cpp", 7}, "broken");
    BOOST_TEST_REQUIRE(reported().size() == 1U);
    BOOST_TEST((reported()[0].outcome == Outcome::failed));
    BOOST_TEST(reported()[0].where.file == std::string("a.cpp"));
    BOOST_TEST(reported()[0].where.line == 7U);
    BOOST_TEST(reported()[0].text == "broken");
}

BOOST_AUTO_TEST_CASE(a_pass_is_counted_and_says_nothing) {
    httptest::report(Outcome::passed, {"a.cpp", 7}, "whatever");
    BOOST_TEST_REQUIRE(reported().size() == 1U);
    BOOST_TEST(reported()[0].text.empty());
}

BOOST_AUTO_TEST_CASE(texts_are_redacted_and_then_cleaned) {
    httptest::keepOutOfOutput("reported\x1bsecret");
    httptest::report(Outcome::failed, {}, "<reported\x1bsecret> \x1b[31m password=hunter2&x ]]>");
    BOOST_TEST(reported().at(0).text == "<[redacted]> \\x1B[31m password=[redacted]&x ]] >");
}

BOOST_AUTO_TEST_CASE(without_a_reporter_failures_are_thrown_with_their_place) {
    httptest::Reporter const mine = httptest::setReporter(nullptr);
    httptest::report(Outcome::passed, {}, "");
    for (Outcome const outcome : {Outcome::failed, Outcome::fatal}) {
        BOOST_CHECK_EXCEPTION(httptest::report(outcome, {"a.cpp", 9}, "password=hunter2"), httptest::ExpectationFailed,
                              [](httptest::ExpectationFailed const& error) {
                                  return error.what() == std::string("password=[redacted]") &&
                                         error.location().line == 9;
                              });
    }
    httptest::setReporter(mine);
}

BOOST_AUTO_TEST_CASE(setting_a_reporter_returns_the_one_before) {
    httptest::Reporter const mine = httptest::setReporter(nullptr);
    BOOST_TEST((mine != nullptr));
    BOOST_TEST((httptest::setReporter(mine) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(clean_for_xml)

BOOST_AUTO_TEST_CASE(ordinary_text_stays) {
    for (std::string const text :
         {"", "plain\ttext\nlines", "<tag attr=\"&amp;\">", "]] >", "]]", "gr\xC3\xBC\xC3\x9F", "\xE2\x82\xAC",
          "\xF0\x9F\x98\x80", "\xEF\xBF\xBD", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xC2\x80"}) {
        BOOST_TEST(cleanForXml(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(control_characters_become_visible) {
    BOOST_TEST(cleanForXml(std::string("a\0b", 3)) == "a\\x00b");
    BOOST_TEST(cleanForXml("\x1b[31m\x07\x7f\x08\x0c\x1f") == "\\x1B[31m\\x07\\x7F\\x08\\x0C\\x1F");
    BOOST_TEST(cleanForXml("a\r\nb\rc\r") == "a\nb\\x0Dc\\x0D");
}

BOOST_AUTO_TEST_CASE(what_is_no_utf_8_becomes_visible_byte_by_byte) {
    std::vector<std::pair<std::string, std::string>> const rows = {
        {"\x80", "\\x80"},                            // a continuation by itself
        {"\xC3", "\\xC3"},                            // cut short
        {"\xC3(", "\\xC3("},                          //
        {"\xE2\x82", "\\xE2\\x82"},                   //
        {"\xF0\x9F\x98", "\\xF0\\x9F\\x98"},          //
        {"\xC0\xAF", "\\xC0\\xAF"},                   // overlong
        {"\xC1\xBF", "\\xC1\\xBF"},                   //
        {"\xE0\x80\xAF", "\\xE0\\x80\\xAF"},          //
        {"\xE0\x9F\xBF", "\\xE0\\x9F\\xBF"},          //
        {"\xF0\x8F\xBF\xBF", "\\xF0\\x8F\\xBF\\xBF"}, //
        {"\xED\xA0\x80", "\\xED\\xA0\\x80"},          // a surrogate
        {"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"}, // beyond Unicode
        {"\xF5\x80\x80\x80", "\\xF5\\x80\\x80\\x80"}, //
        {"\xFF\xFE", "\\xFF\\xFE"},                   //
        {"\xEF\xBF\xBE", "\\xEF\\xBF\\xBE"},          // no characters, for XML
        {"\xEF\xBF\xBF", "\\xEF\\xBF\\xBF"},          //
    };
    for (auto const& [text, expected] : rows) {
        BOOST_TEST(cleanForXml(text) == expected);
    }
}

BOOST_AUTO_TEST_CASE(no_cdata_section_is_ended) {
    for (std::string const text : {"]]>", "]]]>", "]]]]>>", "]]>]]>", "x]]\r\n>", "]]\x01>"}) {
        BOOST_TEST(cleanForXml(text).find("]]>") == std::string::npos);
    }
    BOOST_TEST(cleanForXml("a ]]> b ]]]>") == "a ]] > b ]]] >");
}

BOOST_AUTO_TEST_CASE(cleaning_twice_is_cleaning_once) {
    std::string every;
    for (int first = 0; first < 256; ++first) {
        for (int second : {0, 0x41, 0x80, 0xBF, 0xC3, 0xED, 0xF0}) {
            every.push_back(static_cast<char>(first));
            every.push_back(static_cast<char>(second));
        }
    }
    std::string const once = cleanForXml(every + "]]>");
    BOOST_TEST((cleanForXml(once) == once));
}

BOOST_AUTO_TEST_SUITE_END()
