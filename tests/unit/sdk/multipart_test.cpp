#include "support/contains.hpp"

#include <httptest/error.hpp>
#include <httptest/multipart.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using httptest::InvalidRequest;
using httptest::Multipart;

} // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(parts_are_written_in_order_with_their_bytes_as_they_are) {
    Multipart const parts = Multipart()
                                .field("purpose", "test & more")
                                .file("data", "a.csv", std::string("1,2\r\n\0\xff", 7), "text/csv")
                                .file("data", "b.bin", "");
    BOOST_TEST(parts.text("B") == std::string("--B\r\n"
                                              "Content-Disposition: form-data; name=\"purpose\"\r\n"
                                              "\r\n"
                                              "test & more\r\n"
                                              "--B\r\n"
                                              "Content-Disposition: form-data; name=\"data\"; filename=\"a.csv\"\r\n"
                                              "Content-Type: text/csv\r\n"
                                              "\r\n"
                                              "1,2\r\n") +
                                      std::string("\0\xff", 2) +
                                      "\r\n"
                                      "--B\r\n"
                                      "Content-Disposition: form-data; name=\"data\"; filename=\"b.bin\"\r\n"
                                      "Content-Type: application/octet-stream\r\n"
                                      "\r\n"
                                      "\r\n"
                                      "--B--\r\n");
}

BOOST_AUTO_TEST_CASE(the_boundary_stands_in_no_content) {
    std::string const first = Multipart().field("a", "").boundary();
    BOOST_TEST(Multipart().field("a", "other").boundary() == first);
    BOOST_TEST(first.size() <= 70U);
    BOOST_TEST(first.find_first_of(" ;\"\r\n") == std::string::npos);
    for (std::string const& content : {first, "\r\n--" + first, first + "7", "x" + first + "--"}) {
        BOOST_TEST(Multipart().field("a", content).boundary() != first);
        BOOST_TEST(Multipart().field("a", "").file("b", "f", content).boundary() != first);
    }
    BOOST_TEST(Multipart().field(first, "").boundary() != first);
    std::string many;
    for (int taken = 0; taken < 100; ++taken) {
        many.append(Multipart().field("a", many).boundary()).append("\n");
    }
    BOOST_TEST(!contains(many, Multipart().field("a", many).boundary()));
}

BOOST_AUTO_TEST_CASE(quotes_in_names_are_escaped_as_browsers_do) {
    std::string const text = Multipart().file("a\"b\\", "c\"; x=\"\xc3\xa4", "").text("B");
    BOOST_TEST(contains(text, "name=\"a%22b\\\"; filename=\"c%22; x=%22\xc3\xa4\"\r\n"), text);
}

BOOST_AUTO_TEST_CASE(line_breaks_in_names_and_types_are_refused_at_the_callers_line) {
    for (std::string const& bad : {std::string("a\r"), std::string("a\nX: y"), std::string("a\0b", 3)}) {
        unsigned const line = __LINE__ + 1;
        BOOST_CHECK_EXCEPTION(Multipart().field(bad, ""), InvalidRequest, [&](InvalidRequest const& error) {
            return error.location().line == line && contains(error.what(), "CR, LF or NUL");
        });
        BOOST_CHECK_THROW(Multipart().file(bad, "f", ""), InvalidRequest);
        BOOST_CHECK_THROW(Multipart().file("a", bad, ""), InvalidRequest);
        BOOST_CHECK_THROW(Multipart().file("a", "f", "", bad), InvalidRequest);
    }
    BOOST_CHECK_THROW(Multipart().field("", "x"), InvalidRequest);
}

BOOST_AUTO_TEST_SUITE_END()
