#include "report/shell_line.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace {

using httptest::ExchangeRecord;
using httptest::shellLine;

ExchangeRecord recordOf(std::string const& url) {
    ExchangeRecord record;
    record.identity = "default";
    record.request.url = httptest::Url::parse(url);
    record.request.headers = {{"Accept", "*/*"}, {"User-Agent", "httptest-runai/1"}};
    return record;
}

ExchangeRecord authorized(std::string const& url) {
    ExchangeRecord record = recordOf(url);
    record.request.headers.set("Authorization", "Bearer opaque-token-of-a-shell-line");
    record.attachment.fingerprint = "0123456789ab";
    return record;
}

/// What a shell makes of a word.
std::string spokenByShell(std::string const& word) {
    // NOLINTNEXTLINE(cert-env33-c): what a shell does with it is the question
    std::FILE* const pipe = ::popen(("printf %s " + word).c_str(), "r");
    std::string output;
    std::array<char, 4096> buffer{};
    for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        output.append(buffer.data(), size);
    }
    BOOST_TEST(WEXITSTATUS(::pclose(pipe)) == 0);
    return output;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shell_line)

BOOST_AUTO_TEST_CASE(the_token_comes_by_a_pipe) {
    BOOST_TEST(shellLine(authorized("https://api.test/x?a=1&b=2")) ==
               "httptest token --header | curl -sS -i -H @- 'https://api.test/x?a=1&b=2'");
}

BOOST_AUTO_TEST_CASE(another_identity_is_named) {
    ExchangeRecord record = authorized("https://api.test/x");
    record.identity = "researcher";
    BOOST_TEST(shellLine(record) ==
               "httptest token --header --identity researcher | curl -sS -i -H @- https://api.test/x");
}

BOOST_AUTO_TEST_CASE(an_anonymous_request_needs_no_token) {
    ExchangeRecord record = recordOf("http://127.0.0.1:8080/a/../b");
    record.request.method = "HEAD";
    BOOST_TEST(shellLine(record) == "curl -sS -i --head --path-as-is http://127.0.0.1:8080/a/../b");
}

BOOST_AUTO_TEST_CASE(method_headers_and_body_are_sent_again) {
    ExchangeRecord record = authorized("https://api.test/x");
    record.request.method = "POST";
    record.request.headers.set("Content-Type", "application/json");
    record.request.headers.set("X-Empty", "");
    record.request.headers.set("X-Request-ID", "r1");
    record.request.body = R"({"name":"it's"})";
    record.tlsVerified = false;
    BOOST_TEST(shellLine(record) ==
               "httptest token --header | curl -sS -i -H @- -k -X POST -H 'Content-Type: application/json' "
               R"(-H 'X-Empty;' --data-binary '{"name":"it'\''s"}' https://api.test/x)");
}

BOOST_AUTO_TEST_CASE(a_body_without_a_type_gets_none_from_curl) {
    ExchangeRecord record = recordOf("https://api.test/x");
    record.request.body = "x";
    BOOST_TEST(shellLine(record) == "curl -sS -i -X GET -H Content-Type: --data-binary x https://api.test/x");
}

BOOST_AUTO_TEST_CASE(what_must_not_or_cannot_be_shown_is_left_out_and_named) {
    ExchangeRecord record = recordOf("https://api.test/x?access_token=hunter2");
    record.request.headers.set("Authorization", "Basic aHVudGVyMg==");
    record.request.headers.set("Cookie", "sid=hunter2");
    record.request.body = R"({"password":"hunter2"})";
    record.request.headers.set("Content-Type", "application/json");
    std::string const line = shellLine(record);
    BOOST_TEST(line ==
               "curl -sS -i -X GET -H 'Content-Type: application/json' --data-binary @body "
               "'https://api.test/x?access_token=[redacted]' # left out: header Authorization, header Cookie, "
               "the file body of 22 bytes, secrets of the URL");
    for (std::string const& body : {std::string("a\0b", 3), std::string("\x1b[31m"), std::string("\xff"),
                                    std::string("a\r\nb"), std::string("@file"), std::string(5000, 'x')}) {
        record.request.body = body;
        BOOST_TEST(shellLine(record).find("--data-binary @body ") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(words_mean_to_a_shell_what_they_meant_here) {
    for (std::string const word : {"", "plain", "a b", "it's", "$(touch /nowhere)", "`id`", "a\nb", "\"\\",
                                   "*?[a]~#;&|<>", "-n", "''", "!x", "\xc3\xa9"}) {
        BOOST_TEST(spokenByShell(httptest::shellWord(word)) == word);
    }
}

BOOST_AUTO_TEST_SUITE_END()
