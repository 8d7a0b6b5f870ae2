#include "wire/no_proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

bool exempt(std::string const& list, std::string const& url) {
    return httptest::wire::exempts(list, httptest::Url::parse(url).origin);
}

} // namespace

BOOST_AUTO_TEST_SUITE(no_proxy)

BOOST_AUTO_TEST_CASE(names_stand_for_themselves_and_everything_below) {
    for (char const* list : {"example.test", ".example.test", "*.example.test", "EXAMPLE.test", "example.test.",
                             "other.test,example.test", " other.test  example.test ", ",,example.test,"}) {
        BOOST_TEST(exempt(list, "https://example.test/"), list);
        BOOST_TEST(exempt(list, "https://a.b.Example.test/"), list);
        BOOST_TEST(!exempt(list, "https://notexample.test/"), list);
        BOOST_TEST(!exempt(list, "https://example.test.evil/"), list);
    }
    BOOST_TEST(exempt("*", "https://anything.test/"));
    for (char const* list : {"", " ", ",", ".", "*.", ":443", "/", "/8", "[", "a/b", "test.example"}) {
        BOOST_TEST(!exempt(list, "https://example.test/"), list);
    }
}

BOOST_AUTO_TEST_CASE(ports_narrow_an_entry) {
    BOOST_TEST(exempt("example.test:443", "https://example.test/"));
    BOOST_TEST(exempt(".example.test:8443", "https://a.example.test:8443/"));
    BOOST_TEST(exempt("10.0.0.1:80", "http://10.0.0.1/"));
    BOOST_TEST(exempt("[fd00::1]:80", "http://[fd00::1]/"));
    BOOST_TEST(!exempt("example.test:444", "https://example.test/"));
    BOOST_TEST(!exempt("example.test:", "https://example.test/"));
    BOOST_TEST(!exempt("example.test:x", "https://example.test/"));
    BOOST_TEST(!exempt("[fd00::1]:81", "http://[fd00::1]/"));
}

BOOST_AUTO_TEST_CASE(addresses_and_networks_are_compared_by_their_bits) {
    BOOST_TEST(exempt("10.0.0.0/8", "https://10.255.1.2/"));
    BOOST_TEST(!exempt("10.0.0.0/8", "https://11.0.0.0/"));
    BOOST_TEST(exempt("192.168.1.128/25", "https://192.168.1.200/"));
    BOOST_TEST(!exempt("192.168.1.128/25", "https://192.168.1.127/"));
    BOOST_TEST(exempt("0.0.0.0/0", "https://1.2.3.4/"));
    BOOST_TEST(exempt("1.2.3.4/32", "https://1.2.3.4/"));
    BOOST_TEST(exempt("fd00::/8", "https://[fd12::1]/"));
    BOOST_TEST(exempt("fd00:0:0::1", "https://[fd00::1]/"));
    BOOST_TEST(exempt("[fd00::1]", "https://[fd00::1]/"));
    BOOST_TEST(!exempt("fd00::/8", "https://[fe00::1]/"));
    BOOST_TEST(!exempt("10.0.0.0/33", "https://10.0.0.0/"));
    BOOST_TEST(!exempt("10.0.0.0/8", "https://10.example.test/"));
    BOOST_TEST(!exempt("10.0.0.0/8", "https://[a00::]/"));
    BOOST_TEST(!exempt("0.1", "https://10.0.0.1/"));
}

BOOST_AUTO_TEST_SUITE_END()
