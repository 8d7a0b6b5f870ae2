#include "support/contains.hpp"

#include <httptest/error.hpp>
#include <httptest/secret.hpp>
#include <httptest/url.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

namespace {

using httptest::InvalidRequest;
using httptest::Origin;
using httptest::Url;

std::string urlRefusal(std::string const& text) {
    try {
        Url::parse(text);
    } catch (InvalidRequest const& error) {
        return error.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(origins_are_normalised) {
    struct Row {
        std::string text;
        std::string scheme;
        std::string host;
        unsigned port;
        std::string authority;
    };
    std::vector<Row> const rows = {
        {"https://api.test", "https", "api.test", 443, "api.test"},
        {"http://api.test", "http", "api.test", 80, "api.test"},
        {"HTTPS://API.Test:443/", "https", "api.test", 443, "api.test"},
        {"http://api.test:443", "http", "api.test", 443, "api.test:443"},
        {"https://api.test:8443/x", "https", "api.test", 8443, "api.test:8443"},
        {"https://api.test:/x", "https", "api.test", 443, "api.test"},
        {"https://api.test:00443", "https", "api.test", 443, "api.test"},
        {"https://api.test./", "https", "api.test", 443, "api.test"},
        {"https://xn--bcher-kva.test", "https", "xn--bcher-kva.test", 443, "xn--bcher-kva.test"},
        {"http://my_service-1.ns.svc:1", "http", "my_service-1.ns.svc", 1, "my_service-1.ns.svc:1"},
        {"http://127.0.0.1:65535", "http", "127.0.0.1", 65535, "127.0.0.1:65535"},
        {"http://[::1]", "http", "::1", 80, "[::1]"},
        {"https://[2001:DB8:0:0::1]:444/p", "https", "2001:db8::1", 444, "[2001:db8::1]:444"},
    };
    for (Row const& row : rows) {
        BOOST_TEST_CONTEXT(row.text) {
            Origin const origin = Url::parse(row.text).origin;
            BOOST_TEST(origin.scheme == row.scheme);
            BOOST_TEST(origin.host == row.host);
            BOOST_TEST(origin.port == row.port);
            BOOST_TEST(origin.authority() == row.authority);
            BOOST_TEST(origin.text() == row.scheme + "://" + row.authority);
        }
    }
}

BOOST_AUTO_TEST_CASE(spellings_of_one_origin_are_equal_and_others_are_not) {
    Origin const origin = Url::parse("https://api.test").origin;
    for (char const* same : {"https://API.TEST:443/x", "HTTPS://api.test.", "https://api.test?q"}) {
        BOOST_TEST((Url::parse(same).origin == origin), same);
    }
    for (char const* other : {"http://api.test", "https://api.test:444", "https://api.test.evil.test",
                              "https://evil-api.test", "https://sub.api.test", "http://api.test:443"}) {
        BOOST_TEST(!(Url::parse(other).origin == origin), other);
    }
}

BOOST_AUTO_TEST_CASE(paths_and_queries_stay_as_they_were_written) {
    std::vector<std::pair<std::string, std::string>> const rows = {
        {"https://h", "/"},
        {"https://h?q=1", "/?q=1"},
        {"https://h#f", "/"},
        {"https://h/a/../b/./c//d", "/a/../b/./c//d"},
        {"https://h/%2e%2E/%zz%", "/%2e%2E/%zz%"},
        {"https://h/a;b=c,d:e@f!$&'()*+?x=/?y#z", "/a;b=c,d:e@f!$&'()*+?x=/?y"},
        {"https://h/[x]", "/[x]"},
    };
    for (auto const& [text, target] : rows) {
        BOOST_TEST(Url::parse(text).target == target);
    }
    BOOST_TEST(Url::parse("HTTPS://H:443/a?b#c").text() == "https://h/a?b");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_url_is_refused) {
    for (std::string const text : {"",
                                   "api.test",
                                   "//api.test",
                                   "/path",
                                   "ftp://api.test",
                                   "file:///etc/passwd",
                                   "https:/api.test",
                                   "https//api.test",
                                   "https:api.test",
                                   "https://",
                                   "https:///path",
                                   "https://:443",
                                   "https://?q",
                                   "https://.",
                                   "https://a..b",
                                   "https://.a",
                                   "https://a..",
                                   "https://%61pi.test",
                                   "https://api%2etest",
                                   "https://api.test:0",
                                   "https://api.test:65536",
                                   "https://api.test:-1",
                                   "https://api.test:+80",
                                   "https://api.test:4x",
                                   "https://api.test:99999999999999999999",
                                   "https://api.test:80:80",
                                   "https://[::1",
                                   "https://[::1]x",
                                   "https://[]",
                                   "https://[::g]",
                                   "https://[fe80::1%25eth0]",
                                   "https://[127.0.0.1]",
                                   "https://::1",
                                   "https://ex^ample",
                                   "https://h/a b",
                                   "https://h/\"",
                                   "https://h/<x>",
                                   "https://h/\\evil.test",
                                   "https:\\\\h",
                                   "https://h/{id}",
                                   "https://h/`",
                                   "https://h/|",
                                   " https://h",
                                   "https://h ",
                                   "https://h\t",
                                   "xhttps://h",
                                   "javascript:alert(1)//https://h"}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_CHECK_THROW(Url::parse(text), InvalidRequest);
        }
    }
}

BOOST_AUTO_TEST_CASE(control_characters_and_bytes_beyond_ascii_are_refused_everywhere) {
    for (int byte = 0; byte < 256; ++byte) {
        if (byte > ' ' && byte < 0x7f) {
            continue;
        }
        std::string const c(1, static_cast<char>(byte));
        for (std::string const& text :
             {"https://h/" + c, "https://h/?" + c, "https://h" + c + "/", "https://h/#" + c, "https" + c + "://h"}) {
            std::string const refusal = urlRefusal(text);
            BOOST_TEST(!refusal.empty(), "byte " << byte << " is accepted");
            BOOST_TEST(!contains(refusal, c == " " ? std::string("h ") : c));
        }
    }
}

BOOST_AUTO_TEST_CASE(user_info_is_refused_and_not_shown) {
    std::string const longPassword(1000, 'p');
    for (std::string const& text : {std::string("https://user:hunter2@h/x"), std::string("https://hunter2@h"),
                                    std::string("https://user:a@hunter2@h"), std::string("https://user:hun/hunter2@h"),
                                    std::string("user:hunter2@h"), std::string("https://user:hunter2<@h"),
                                    std::string("https://user:hunter2 @h"), std::string("https://hunter2:x@[::1"),
                                    std::string("https://user:hunter2@"), std::string("ftp://user:hunter2@h"),
                                    "https://user:" + longPassword + "@h", "https://" + longPassword + ":hunter2@h"}) {
        BOOST_TEST_CONTEXT(text.substr(0, 60)) {
            std::string const refusal = urlRefusal(text);
            BOOST_TEST(!refusal.empty());
            BOOST_TEST(!contains(refusal, "hunter2"));
            BOOST_TEST(!contains(refusal, "hun/"));
            BOOST_TEST(!contains(refusal, "pppp"));
        }
    }
    BOOST_TEST(contains(urlRefusal("https://user:hunter2@h/x"), "credentials do not belong in URLs"));
    BOOST_TEST(contains(urlRefusal("https://user:hunter2@h/x"), "@h/x"));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_bounded) {
    BOOST_TEST(urlRefusal("https://" + std::string(100'000, '.')).size() < 1000);
}

BOOST_AUTO_TEST_CASE(what_never_leaves_the_machine_is_loopback_and_nothing_else) {
    for (char const* text : {"http://localhost", "http://LOCALHOST.:8080", "http://127.0.0.1", "http://127.255.1.2",
                             "http://[::1]", "http://[0:0:0:0:0:0:0:1]"}) {
        BOOST_TEST(Url::parse(text).origin.loopback(), text);
    }
    for (char const* text : {"http://localhost.evil.test", "http://127.0.0.1.evil.test", "http://128.0.0.1",
                             "http://0.0.0.0", "http://127.evil.test", "http://notlocalhost", "http://[::2]",
                             "http://[::]", "http://127.1", "http://0x7f000001", "http://2130706433"}) {
        BOOST_TEST(!Url::parse(text).origin.loopback(), text);
    }
}

BOOST_AUTO_TEST_CASE(references_resolve_as_in_rfc_3986_section_5_4) {
    Url const base = Url::parse("http://a/b/c/d;p?q");
    std::vector<std::pair<std::string, std::string>> const rows = {
        // normal examples
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q"},
        {"g#s", "http://a/b/c/g"},
        {"g?y#s", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        // abnormal examples
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/./x", "http://a/b/c/g"},
        {"g#s/../x", "http://a/b/c/g"},
        // what redirects hold besides
        {"https://other.test:8443/x/../y?u=http://z/../w", "https://other.test:8443/y?u=http://z/../w"},
        {"HTTP://A/b", "http://a/b"},
        {"//other.test/x/./y", "http://other.test/x/y"},
        {"?next=a:b", "http://a/b/c/d;p?next=a:b"},
        {"g?u=https://x", "http://a/b/c/g?u=https://x"},
        {"/a//b", "http://a/a//b"},
    };
    for (auto const& [reference, expected] : rows) {
        BOOST_TEST_CONTEXT("'" << reference << "'") {
            BOOST_TEST(base.resolve(reference).text() == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(references_of_other_schemes_and_malformed_ones_are_refused) {
    Url const base = Url::parse("https://a/b");
    for (std::string const reference : {"g:h", "http:g", "ftp://x", "javascript:alert(1)", "//user:pw@x", "https://",
                                        "//", "/a b", "/\r\nX: y", "\\\\evil.test", "/\\evil.test", "//a:b"}) {
        BOOST_TEST_CONTEXT(reference) {
            BOOST_CHECK_THROW(base.resolve(reference), InvalidRequest);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_shows_no_beginning_of_a_secret) {
    httptest::Secret const secret(std::string("a-secret-that-is-cut-in-its-middle"));
    try {
        Url::parse("https://api.test/" + std::string(175, 'x') + std::string(secret.reveal()) + "\n");
        BOOST_FAIL("not refused");
    } catch (InvalidRequest const& error) {
        BOOST_TEST(!contains(error.what(), "a-secret"), error.what());
    }
}

BOOST_AUTO_TEST_CASE(encoding_leaves_the_unreserved_characters_alone) {
    std::string const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    BOOST_TEST(httptest::percentEncode(unreserved) == unreserved);
    BOOST_TEST(httptest::formEncode(unreserved) == unreserved);
    BOOST_TEST(httptest::percentEncode(" +/%&=?#") == "%20%2B%2F%25%26%3D%3F%23");
    BOOST_TEST(httptest::formEncode(" +/%&=?#") == "+%2B%2F%25%26%3D%3F%23");
    BOOST_TEST(httptest::percentEncode("\xC3\xBC\xff") == "%C3%BC%FF");
    BOOST_TEST(httptest::percentEncode(std::string("\0\r\n", 3)) == "%00%0D%0A");
    BOOST_TEST(httptest::percentEncode("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
