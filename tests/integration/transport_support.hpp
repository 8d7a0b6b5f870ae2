#pragma once

#include <httptest/error.hpp>
#include <httptest/poco_transport.hpp>
#include <httptest/testing/stub_server.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace httptest::testing {

using namespace std::chrono_literals;

/// What any single step of these tests may take; only something that hangs takes longer.
inline constexpr auto patience = 20s;

inline Request makeRequest(std::string method, std::string const& url, std::string body = {}) {
    Request request;
    request.method = std::move(method);
    request.url = Url::parse(url);
    request.body = std::move(body);
    return request;
}

inline Response send(Transport& transport, Request const& request, std::chrono::nanoseconds limit = patience,
                     std::stop_token stop = {}) {
    return transport.send(request, BootClock::now() + limit, std::move(stop));
}

inline Response get(Transport& transport, std::string const& url) {
    return send(transport, makeRequest("GET", url));
}

/// Runs `action`, which must throw exactly `Failure`; returns a copy of it.
template <class Failure, class Action>
Failure failureOf(Action action) {
    try {
        action();
    } catch (Failure const& failure) {
        BOOST_TEST(typeid(failure).name() == typeid(Failure).name(), failure.what());
        return failure;
    } catch (std::exception const& other) {
        BOOST_FAIL("another exception: " << typeid(other).name() << ": " << other.what());
    }
    BOOST_FAIL("nothing was thrown");
    throw std::logic_error("not reached");
}

/// Fails, showing both, unless `text` contains `part`.
inline void checkContains(std::string_view text, std::string_view part) {
    BOOST_TEST((text.find(part) != std::string_view::npos), "'" << text << "' does not contain '" << part << "'");
}

/// Answers every request of a connection with the same reply.
inline StubServer::Handler answering(std::string reply) {
    return [reply = std::move(reply)](StubConnection& connection) {
        for (;;) {
            connection.readRequest();
            connection.send(reply);
        }
    };
}

inline constexpr char okReply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace httptest::testing
