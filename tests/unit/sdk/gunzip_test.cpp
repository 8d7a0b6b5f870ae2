#include "session/gunzip.hpp"
#include "session_support.hpp"

#include <boost/test/unit_test.hpp>

#include <zlib.h>

#include <string>

namespace {

using httptest::BadReply;
using httptest::gunzipped;
using httptest::ReplyTooLarge;
using session_support::HarnessOverScript;
using session_support::holds;

constexpr std::size_t roomy = std::size_t{64} * 1024 * 1024;

std::string gzipFile(std::string const& content) {
    z_stream stream{};
    constexpr int gzipFormat = 16;
    BOOST_REQUIRE(
        ::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzipFormat, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string result(::deflateBound(&stream, static_cast<uLong>(content.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    BOOST_REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    result.resize(stream.total_out);
    ::deflateEnd(&stream);
    return result;
}

/// Neither short nor easily compressed.
std::string longContent() {
    std::string content;
    for (unsigned number = 0; content.size() < 200'000; ++number) {
        content.append(std::to_string(number * 2654435761U));
    }
    return content;
}

class GzipReplies : public HarnessOverScript {
public:
    void encoded(std::string encoding, std::string body) {
        transport.reply(
            httptest::testing::reply(200, "text/plain", std::move(body), {{"Content-Encoding", std::move(encoding)}}));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(gunzip)

BOOST_AUTO_TEST_CASE(files_of_any_length_come_out_as_they_went_in) {
    for (std::string const& content : {std::string(), std::string("x"), longContent(), std::string(1'000'000, 'a')}) {
        BOOST_TEST((gunzipped(gzipFile(content), roomy) == content));
    }
    BOOST_TEST(gunzipped("", roomy).empty());
}

BOOST_AUTO_TEST_CASE(all_members_are_decoded) {
    std::string const three = gzipFile("one ") + gzipFile("") + gzipFile("two");
    BOOST_TEST(gunzipped(three, roomy) == "one two");
}

BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_is_an_error) {
    for (std::string const& whole : {gzipFile("some content, some content"), gzipFile("a") + gzipFile("b")}) {
        std::size_t const first = gzipFile("a").size();
        for (std::size_t size = 1; size < whole.size(); ++size) {
            if (size != first || whole[first] != '\x1f') {
                BOOST_CHECK_THROW(gunzipped(whole.substr(0, size), roomy), BadReply);
            }
        }
    }
    std::string const file = gzipFile(longContent());
    for (std::size_t size = file.size() - 9; size < file.size(); ++size) {
        BOOST_CHECK_EXCEPTION(gunzipped(file.substr(0, size), roomy), BadReply,
                              [](auto const& error) { return holds(error.what(), "is cut short"); });
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_byte_in_the_trailer_or_behind_the_end_is_an_error) {
    std::string const file = gzipFile(longContent());
    for (std::size_t fromEnd = 1; fromEnd <= 8; ++fromEnd) { // checksum and length
        std::string wrong = file;
        wrong[wrong.size() - fromEnd] ^= 1;
        BOOST_CHECK_EXCEPTION(gunzipped(wrong, roomy), BadReply,
                              [](auto const& error) { return holds(error.what(), "is corrupt: "); });
    }
    BOOST_CHECK_THROW(gunzipped(file + "more", roomy), BadReply);
    BOOST_CHECK_THROW(gunzipped(file + std::string(1, '\0'), roomy), BadReply);
    BOOST_CHECK_THROW(gunzipped("no gzip at all", roomy), BadReply);
    BOOST_CHECK_THROW(gunzipped(std::string("\x78\x9c\x03\x00\x00\x00\x00\x01", 8), roomy), BadReply); // zlib's format
}

BOOST_AUTO_TEST_CASE(the_limit_holds_to_the_byte) {
    std::string content;
    content.resize(10'000'000);
    std::string const bomb = gzipFile(content);
    BOOST_TEST(bomb.size() < 20'000U);
    BOOST_TEST(gunzipped(bomb, 10'000'000).size() == 10'000'000U);
    BOOST_CHECK_EXCEPTION(gunzipped(bomb, 9'999'999), ReplyTooLarge, [](auto const& error) {
        return holds(error.what(), "9999999 bytes") && holds(error.what(), "max_body_bytes");
    });
    BOOST_CHECK_THROW(gunzipped(bomb, 1), ReplyTooLarge);
    std::string members;
    for (int count = 0; count < 100; ++count) {
        members.append(gzipFile(std::string(1000, 'x')));
    }
    BOOST_CHECK_THROW(gunzipped(members, 99'999), ReplyTooLarge);
}

BOOST_FIXTURE_TEST_CASE(a_body_is_decoded_where_the_request_asked_for_it, GzipReplies) {
    std::string const file = gzipFile("content");
    for (char const* encoding : {"gzip", "x-gzip", "GZip"}) {
        encoded(encoding, file);
        auto const exchange = session().get("/x").gzip().send();
        BOOST_TEST(exchange.body() == "content", encoding);
        BOOST_TEST(*exchange.headers().find("Content-Encoding") == encoding);
        BOOST_TEST(*transport.requests().back().headers.find("Accept-Encoding") == "gzip");
    }
}

BOOST_FIXTURE_TEST_CASE(a_body_that_was_not_asked_for_or_is_not_gzip_stays_as_it_is, GzipReplies) {
    std::string const file = gzipFile("content");
    encoded("gzip", file);
    BOOST_TEST(session().get("/x").send().body() == file);
    BOOST_TEST(!transport.requests().back().headers.has("Accept-Encoding"));
    encoded("br", file);
    BOOST_TEST(session().get("/x").gzip().send().body() == file);
    answer(200, "plain");
    BOOST_TEST(session().get("/x").gzip().send().body() == "plain");
    encoded("gzip", "");
    BOOST_TEST(session().head("/x").gzip().send().body().empty());
}

BOOST_FIXTURE_TEST_CASE(a_body_that_cannot_be_decoded_is_a_typed_error_that_names_the_request, GzipReplies) {
    options.configuration->set("max_body_bytes", "1000");
    std::string const file = gzipFile("content");
    encoded("gzip", file.substr(0, file.size() - 1));
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(session().get("/x").gzip().send(), BadReply, [&](BadReply const& error) {
        return holds(error.what(), "GET https://api.test/x: the reply's gzip-encoded body is cut short") &&
               error.location().line == line && error.phase() == httptest::Phase::body;
    });
    encoded("gzip", gzipFile(std::string(1001, 'x')));
    BOOST_CHECK_EXCEPTION(session().get("/x").gzip().send(), ReplyTooLarge,
                          [](auto const& error) { return holds(error.what(), "max_body_bytes"); });
    encoded("gzip", gzipFile(std::string(1000, 'x')));
    BOOST_TEST(session().get("/x").gzip().send().body().size() == 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
