#include "support/contains.hpp"

#include <httptest/error.hpp>
#include <httptest/http_date.hpp>
#include <httptest/poco_transport.hpp>
#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/faults.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <Poco/Net/StreamSocket.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace fault_tests {

namespace {

using namespace std::chrono_literals;
using namespace httptest;
using namespace httptest::testing;

constexpr auto clientPatience = 20s;

Request requestTo(FaultServer const& server, std::string_view path, std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.url = Url::parse(server.url(path));
    return request;
}

/// A client of its own for each request, so that no connection is kept.
Response send(Request const& request) {
    return PocoTransport().send(request, BootClock::now() + clientPatience, {});
}

int statusOf(FaultServer const& server, std::string_view path = "/") {
    return send(requestTo(server, path)).status;
}

/// What comes back for these bytes, to the end of the connection.
std::string answerTo(FaultServer const& server, std::string_view bytes) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", server.port()));
    socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    std::string answer;
    std::array<char, 1024> buffer{};
    for (int count = socket.receiveBytes(buffer.data(), buffer.size()); count > 0;
         count = socket.receiveBytes(buffer.data(), buffer.size())) {
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return answer;
}

Delivery delivery() {
    Delivery result;
    result.reply = reply(200, "text/plain", "hello");
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults_and_deliveries)

BOOST_AUTO_TEST_CASE(a_healthy_delivery_says_its_length) {
    BOOST_TEST(delivery().text() == "HTTP/1.1 200 \r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
}

BOOST_AUTO_TEST_CASE(a_reply_to_head_has_the_length_and_no_body) {
    BOOST_TEST(delivery().text(false) == "HTTP/1.1 200 \r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_length_of_the_replys_own_stays) {
    auto changed = delivery();
    faults::wrongLength(-2).applyTo(changed);
    BOOST_TEST(contains(changed.text(), "\r\nContent-Length: 3\r\n\r\nhello"));
}

BOOST_AUTO_TEST_CASE(replies_that_have_no_body_get_no_length) {
    auto changed = delivery();
    changed.reply = {};
    changed.reply.status = 204;
    BOOST_TEST(changed.text() == "HTTP/1.1 204 \r\n\r\n");
}

BOOST_AUTO_TEST_CASE(chunks_hold_the_whole_body) {
    auto changed = delivery();
    faults::chunked().applyTo(changed);
    BOOST_TEST(changed.text() ==
               "HTTP/1.1 200 \r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
               "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(several_make_one_in_their_order) {
    auto const both = faults::latency(2s) + faults::latency(1s) + faults::cutAfter(4);
    BOOST_TEST(both.name() == "latency of 2000 ms, latency of 1000 ms, cut after 4 bytes");
    auto changed = delivery();
    both.applyTo(changed);
    BOOST_TEST((changed.latency == 3s));
    BOOST_TEST(changed.text() == "HTTP");
    BOOST_TEST((changed.afterwards == Afterwards::fin));
}

BOOST_AUTO_TEST_CASE(a_date_to_retry_at_lies_as_far_ahead_as_was_said) {
    auto changed = delivery();
    faults::tooManyRequestsUntilDate(90s).applyTo(changed);
    auto const& headers = changed.reply.headers;
    auto const date = serverTime(headers);
    auto const retry = parseHttpDate(*headers.find("Retry-After"));
    BOOST_REQUIRE((date && retry));
    BOOST_TEST((*retry - *date == 90s));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fault_server)

BOOST_AUTO_TEST_CASE(goes_through_its_script_and_is_well_then) {
    FaultServer server;
    server.next(faults::status(500)).next(faults::status(502), 2);
    for (int const status : {500, 502, 502, 200, 200}) {
        BOOST_TEST(statusOf(server) == status);
    }
}

BOOST_AUTO_TEST_CASE(has_faults_for_some_paths_alone) {
    FaultServer server;
    server.next(faults::status(401), 1, "/login").always(faults::status(503), "/api").next(faults::status(500));
    BOOST_TEST(statusOf(server, "/api/1") == 503);
    BOOST_TEST(statusOf(server, "/other") == 500);
    BOOST_TEST(statusOf(server, "/other") == 200);
    BOOST_TEST(statusOf(server, "/login") == 401);
    BOOST_TEST(statusOf(server, "/api/2") == 503);
}

BOOST_AUTO_TEST_CASE(forgets_its_script_when_it_heals) {
    FaultServer server;
    server.always(faults::status(503));
    BOOST_TEST(statusOf(server) == 503);
    server.heal();
    BOOST_TEST(statusOf(server) == 200);
}

BOOST_AUTO_TEST_CASE(shows_what_it_received_and_what_became_of_it) {
    FaultServer server;
    server.next(faults::status(503));
    auto post = requestTo(server, "/things?x=1", "POST");
    post.headers.set("X-Test", "yes");
    post.body = "body";
    send(post);
    send(requestTo(server, "/things"));
    auto const received = server.received();
    BOOST_REQUIRE(received.size() == 2U);
    BOOST_TEST(received[0].request.url.text() == server.url("/things?x=1"));
    BOOST_TEST(*received[0].request.headers.find("X-Test") == "yes");
    BOOST_TEST(received[0].request.body == "body");
    BOOST_TEST(received[0].fault == "status 503");
    BOOST_TEST(received[1].fault.empty());
    BOOST_TEST(received[0].connection != received[1].connection);
    BOOST_TEST(server.requestCount() == 2U);
    BOOST_TEST(server.requestCount("POST") == 1U);
    BOOST_TEST(server.requestCount("PUT") == 0U);
    BOOST_TEST(server.connectionCount() == 2U);
}

BOOST_AUTO_TEST_CASE(answers_as_its_responder_does) {
    FaultServer const server([](Request const& request) {
        if (request.url.target == "/broken") {
            throw std::runtime_error("out of order");
        }
        return reply(201, "text/plain", request.method + " " + request.body);
    });
    auto put = requestTo(server, "/", "PUT");
    put.body = "this";
    BOOST_TEST(send(put).body == "PUT this");
    auto const broken = send(requestTo(server, "/broken"));
    BOOST_TEST(broken.status == 500);
    BOOST_TEST(broken.body == "the fault server's responder threw: out of order");
}

BOOST_AUTO_TEST_CASE(answers_400_to_what_is_no_request) {
    FaultServer const server;
    for (std::string_view const bytes :
         {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET http://[ HTTP/1.1\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"}) {
        BOOST_TEST(answerTo(server, bytes).starts_with("HTTP/1.1 400 "), bytes);
    }
    BOOST_TEST(server.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(closes_where_the_client_asks_for_it) {
    FaultServer const server;
    BOOST_TEST(answerTo(server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").ends_with(R"({"ok":true})"));
}

BOOST_AUTO_TEST_CASE(forwards_to_another_server_and_spoils_its_replies) {
    FaultServer const upstream([](Request const& request) {
        Response echo = reply(202, "text/plain", request.method + " " + request.url.target + " " + request.body);
        echo.headers.add("Set-Cookie", "a=1");
        echo.headers.add("Set-Cookie", "b=2");
        echo.headers.set("X-Seen", request.headers.has("X-Test") ? "yes" : "no");
        return echo;
    });
    FaultServer server(forwardingTo(upstream.url()));
    auto request = requestTo(server, "/a?b=c", "POST");
    request.headers.set("X-Test", "1");
    request.body = "body";

    auto const response = send(request);
    BOOST_TEST(response.status == 202);
    BOOST_TEST(response.body == "POST /a?b=c body");
    BOOST_TEST(*response.headers.find("X-Seen") == "yes");
    BOOST_TEST(response.headers.size() == 5U); // none twice but the cookies

    server.next(faults::cutAfter(10));
    BOOST_CHECK_THROW(send(request), BadReply);
    BOOST_TEST(upstream.requestCount("POST") == 2U);
    BOOST_TEST(send(requestTo(server, "/", "HEAD")).body.empty());
}

BOOST_AUTO_TEST_CASE(says_so_where_what_it_forwards_to_is_gone) {
    auto upstream = std::make_unique<FaultServer>();
    FaultServer const server(forwardingTo(upstream->url()));
    upstream.reset();
    auto const response = send(requestTo(server, "/"));
    BOOST_TEST(response.status == 500);
    BOOST_TEST(contains(response.body, "Connection refused"));
}

BOOST_AUTO_TEST_CASE(lets_the_next_client_in_when_the_one_before_has_gone) {
    FaultServer server({.mostConnections = 1});
    std::optional<PocoTransport> first(std::in_place);
    first->send(requestTo(server, "/"), BootClock::now() + clientPatience, {});
    auto second = std::async(std::launch::async, [&] { return statusOf(server); });
    server.waitForConnections(2);
    BOOST_TEST(server.requestCount() == 1U);
    first.reset();
    BOOST_TEST(second.get() == 200);
}

BOOST_AUTO_TEST_CASE(ends_at_once_whatever_it_is_doing) {
    std::optional<FaultServer> server(std::in_place, FaultServerOptions{.mostConnections = 1});
    server->always(faults::latency(1h));
    auto const call = [&] {
        return std::async(std::launch::async, [request = requestTo(*server, "/")] { return send(request).status; });
    };
    auto first = call();
    server->waitForRequests(1);
    auto waiting = call();
    server->waitForConnections(2);
    auto const begin = BootClock::now();
    server.reset();
    BOOST_TEST((BootClock::now() - begin < clientPatience / 2));
    BOOST_CHECK_THROW(first.get(), ConnectionLost);
    BOOST_CHECK_THROW(waiting.get(), ConnectionLost);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fault_tests
