#include "integration/transport_support.hpp"

#include <httptest/testing/stub_server.hpp>

#include <boost/test/data/test_case.hpp>

#include <array>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

using namespace httptest;
using namespace httptest::testing;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(PocoTransport_requests)

namespace {

/// A request that must not reach the wire.
struct Refused {
    char const* name;
    std::function<void(Request&)> spoil;
    std::string message;
};

std::ostream& operator<<(std::ostream& output, Refused const& refused) {
    return output << refused.name;
}

std::vector<Refused> refusedRequests() {
    std::vector<Refused> all{
        {"empty_method", [](Request& r) { r.method = ""; }, "its method is no token"},
        {"method_with_space", [](Request& r) { r.method = "GET /evil"; }, "its method is no token"},
        {"CONNECT", [](Request& r) { r.method = "CONNECT"; }, "CONNECT is for proxies"},
        {"target_with_space", [](Request& r) { r.url.target = "/a b"; }, "its target contains a space at position 2"},
        {"target_without_slash", [](Request& r) { r.url.target = "a"; }, "does not begin with '/'"},
        {"empty_target", [](Request& r) { r.url.target = ""; }, "does not begin with '/'"},
        {"empty_host", [](Request& r) { r.url.origin.host = ""; }, "its host is malformed"},
        {"host_with_user", [](Request& r) { r.url.origin.host = "a@b"; }, "its host is malformed"},
        {"host_with_path", [](Request& r) { r.url.origin.host = "a/b"; }, "its host is malformed"},
        {"scheme", [](Request& r) { r.url.origin.scheme = "ftp"; }, "its scheme is neither http nor https"},
        {"port_0", [](Request& r) { r.url.origin.port = 0; }, "its port is 0"},
        {"empty_name", [](Request& r) { r.headers.add("", "v"); }, "the header name \"\" is no token"},
        {"name_with_colon", [](Request& r) { r.headers.add("X:", "v"); }, "the header name \"X:\" is no token"},
        {"name_with_space", [](Request& r) { r.headers.add("X ", "v"); }, "the header name \"X \" is no token"},
        {"DEL_in_value", [](Request& r) { r.headers.add("X", "a\x7f"); }, "contains a control character at position 1"},
        {"two_hosts",
         [](Request& r) {
             r.headers = {{"Host", "a"}, {"host", "b"}};
         },
         "two Host headers"},
        {"encoding", [](Request& r) { r.headers.add("transfer-encoding", "chunked"); },
         "Transfer-Encoding cannot be set"},
        {"length", [](Request& r) { r.headers.add("content-length", "5"); }, "says otherwise than its body of 0 bytes"},
    };
    struct Control {
        char const* name;
        char byte;
    };
    for (auto const [name, byte] : {Control{"CR", '\r'}, {"LF", '\n'}, {"NUL", '\0'}}) {
        auto const bad = "ab"s + byte + "cd";
        auto const contains = "contains "s + name + " at position ";
        all.push_back({name, [bad](Request& r) { r.method = bad; }, "its method is no token"});
        all.push_back({name, [bad](Request& r) { r.url.target = '/' + bad; }, "its target " + contains + '3'});
        all.push_back({name, [bad](Request& r) { r.url.target = "/?q=" + bad; }, "its target " + contains + '6'});
        all.push_back({name, [bad](Request& r) { r.url.origin.host = bad; }, "its host is malformed"});
        all.push_back({name, [bad](Request& r) { r.headers.add(bad, "v"); }, "the header name \"ab?cd\" is no token"});
        for (auto const* header : {"X", "Host", "Authorization", "Cookie", "Content-Type"}) {
            all.push_back(
                {name, [=](Request& r) { r.headers.add(header, bad); }, "header "s + header + ' ' + contains + '2'});
        }
        // Anywhere in a long value, which is looked at eight bytes at a time.
        for (std::size_t at = 0; at < 20; ++at) {
            auto value = std::string(20, 'v');
            value[at] = byte;
            all.push_back({name, [=](Request& r) { r.headers.add("X", value); }, contains + std::to_string(at)});
        }
    }
    return all;
}

/// What the server gets when the transport sends `request` to it.
std::string onTheWire(std::string const& method, std::string const& target, Headers const& headers = {},
                      std::string const& body = {}) {
    StubServer const server(answering("HTTP/1.1 204 No Content\r\n\r\n"));
    PocoTransport transport;
    auto request = makeRequest(method, server.url(), body);
    request.url.target = target;
    request.headers = headers;
    send(transport, request);
    auto bytes = server.requests().at(0).bytes;
    auto const authority = "127.0.0.1:" + std::to_string(server.port());
    if (auto const at = bytes.find(authority); at != std::string::npos) {
        bytes.replace(at, authority.size(), "<server>");
    }
    return bytes;
}

} // namespace

BOOST_DATA_TEST_CASE(refuses_what_could_change_the_framing_before_it_connects, refusedRequests(), refused) {
    StubServer const server(answering(okReply));
    PocoTransport transport;
    auto request = makeRequest("GET", server.url());
    refused.spoil(request);
    checkContains(failureOf<InvalidRequest>([&] { send(transport, request); }).what(), refused.message);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_show_the_value) {
    PocoTransport transport;
    auto request = makeRequest("GET", "http://127.0.0.1:1/");
    request.headers.add("Authorization", "Bearer s3cr3t\r\n");
    std::string const text = failureOf<InvalidRequest>([&] { send(transport, request); }).what();
    BOOST_TEST(text.find("s3cr3t") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(sends_exactly_what_was_asked) {
    BOOST_TEST(onTheWire("GET", "/a?b=c%20d") == "GET /a?b=c%20d HTTP/1.1\r\nHost: <server>\r\n\r\n");
    BOOST_TEST(onTheWire("GET", "/", {{"B", "2"}, {"A", "1"}, {"B", "3\t4"}, {"Empty", ""}}) ==
               "GET / HTTP/1.1\r\nHost: <server>\r\nB: 2\r\nA: 1\r\nB: 3\t4\r\nEmpty: \r\n\r\n");
    BOOST_TEST(onTheWire("POST", "/", {{"Content-Type", "text/plain"}}, "hello") ==
               "POST / HTTP/1.1\r\nHost: <server>\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
    BOOST_TEST(onTheWire("POST", "/", {{"content-length", "5"}}, "hello") ==
               "POST / HTTP/1.1\r\nHost: <server>\r\nContent-Length: 5\r\n\r\nhello");
    BOOST_TEST(onTheWire("PATCH", "/") == "PATCH / HTTP/1.1\r\nHost: <server>\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(onTheWire("DELETE", "/") == "DELETE / HTTP/1.1\r\nHost: <server>\r\n\r\n");
    BOOST_TEST(onTheWire("OPTIONS", "*") == "OPTIONS * HTTP/1.1\r\nHost: <server>\r\n\r\n");
    BOOST_TEST(onTheWire("GET", "/", {{"host", "other.test"}}) == "GET / HTTP/1.1\r\nhost: other.test\r\n\r\n");
    BOOST_TEST(onTheWire("GET", "/", {{"X", "caf\xc3\xa9"}}) ==
               "GET / HTTP/1.1\r\nHost: <server>\r\nX: caf\xc3\xa9\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(bodies_of_every_size_arrive_whole) {
    constexpr std::size_t kibi = 1024;
    StubServer const server(answering(okReply));
    PocoTransport transport;
    std::size_t count = 0;
    for (auto const size : {std::size_t{1}, 16 * kibi - 1, 16 * kibi, 16 * kibi + 1, 20 * kibi, 21 * kibi, 4096 * kibi,
                            32 * 1024 * kibi}) {
        std::string body(size, 'b');
        body.back() = 'e';
        send(transport, makeRequest("POST", server.url(), body));
        auto const bytes = server.requests().at(count++).bytes;
        BOOST_TEST(bytes.ends_with("\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body),
                   size << " bytes");
    }
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(brackets_an_ipv6_host) {
    StubServer const server(answering(okReply), {.address = "::1"});
    PocoTransport transport;
    BOOST_TEST(get(transport, server.url()).body == "ok");
    checkContains(server.requests().at(0).bytes, "\r\nHost: [::1]:" + std::to_string(server.port()) + "\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
