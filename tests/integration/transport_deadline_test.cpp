#include "integration/transport_support.hpp"

#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace httptest;
using namespace httptest::testing;

namespace {

/// A request that hangs in one phase.
struct Hang {
    Phase phase;
    Request request;
    std::function<void()> await; ///< Returns when the request has come to the phase, or nearly.
    TransportSettings settings = {};
    bool exactPhase = true; ///< Whether `await` is sure that the phase has begun.
};

constexpr auto shortLimit = 150ms;

void checkDeadline(Hang const& hang) {
    PocoTransport transport(hang.settings);
    auto const began = BootClock::now();
    auto const failure = failureOf<TimedOut>([&] { send(transport, hang.request, shortLimit); });
    auto const lasted = BootClock::now() - began;
    BOOST_TEST((failure.phase() == hang.phase), describe(failure.phase()));
    checkContains(failure.what(), "timed out after 0.");
    checkContains(failure.what(), std::string("while ") + describe(hang.phase));
    BOOST_TEST((lasted >= shortLimit));
    BOOST_TEST((lasted < patience / 2));
    BOOST_TEST(transport.idleConnections() == 0U);
}

/// An error of the transport's, brought from another thread as what it was.
struct Ending {
    bool cancelled = false;
    std::optional<Phase> phase;
    std::string text;
};

void checkStop(Hang const& hang) {
    PocoTransport transport(hang.settings);
    std::stop_source stop;
    Ending ending;
    std::thread caller([&] {
        try {
            send(transport, hang.request, 2 * patience, stop.get_token());
            ending.text = "it ended well";
        } catch (TransportError const& failure) {
            ending = {dynamic_cast<Cancelled const*>(&failure) != nullptr, failure.phase(), failure.what()};
        } catch (std::exception const& failure) {
            ending.text = failure.what();
        }
    });
    hang.await();
    auto const began = BootClock::now();
    stop.request_stop();
    caller.join();
    BOOST_TEST((BootClock::now() - began < patience / 2));
    BOOST_TEST(ending.cancelled, ending.text);
    BOOST_TEST((!hang.exactPhase || ending.phase == hang.phase), ending.text);
    BOOST_TEST(transport.idleConnections() == 0U);
}

void checkBoth(Hang const& hang) {
    checkDeadline(hang);
    checkStop(hang);
}

} // namespace

BOOST_AUTO_TEST_SUITE(PocoTransport_deadlines)

BOOST_AUTO_TEST_CASE(hold_while_a_name_is_resolved) {
    struct Shared {
        std::counting_semaphore<> asked{0};
        std::promise<void> mayEnd;
        std::shared_future<void> end = mayEnd.get_future().share();
        std::counting_semaphore<> ended{0};
    };
    auto const shared = std::make_shared<Shared>();
    TransportSettings settings;
    settings.resolveName = [shared](std::string const&) -> std::vector<std::string> {
        shared->asked.release();
        shared->end.wait();
        shared->ended.release();
        return {};
    };
    Hang const hang{Phase::resolve, makeRequest("GET", "http://api.test/"), [shared] { shared->asked.acquire(); },
                    settings};
    checkDeadline(hang);
    shared->asked.acquire();
    checkStop(hang);
    shared->mayEnd.set_value();
    shared->ended.acquire();
    shared->ended.acquire();
}

BOOST_AUTO_TEST_CASE(hold_while_connecting) {
    StubServer const dead({}, {.door = Door::blackhole});
    std::binary_semaphore resolved{0};
    Hang hang{Phase::connect, makeRequest("GET", "http://127.0.0.1:" + std::to_string(dead.port())), [] {}};
    checkDeadline(hang);
    hang.request.url.origin.host = "api.test";
    hang.settings.resolveName = [&resolved](std::string const&) {
        resolved.release();
        return std::vector<std::string>{"127.0.0.1"};
    };
    hang.await = [&resolved] { resolved.acquire(); };
    hang.exactPhase = false;
    checkStop(hang);
}

BOOST_AUTO_TEST_CASE(hold_in_a_tls_handshake_that_is_never_answered) {
    TestCa const ca("deadline test");
    auto const leaf = ca.issue({.ipAddresses = {"127.0.0.1"}});
    StubServer const server(answering(okReply), {.tls = StubTls{.certificatePem = leaf.certificatePem,
                                                                .privateKeyPem = leaf.privateKeyPem,
                                                                .answerHandshake = false}});
    Hang hang{Phase::tls, makeRequest("GET", server.url()), [&] { server.waitForConnections(2); }};
    hang.exactPhase = false; // the connection may be accepted before connect() has returned
    checkBoth(hang);
}

BOOST_AUTO_TEST_CASE(hold_while_a_proxy_does_not_answer) {
    StubServer const proxy([](StubConnection& connection) {
        connection.readRequest();
        connection.waitForClose();
    });
    TransportSettings settings;
    settings.proxyUrl = proxy.url();
    settings.proxyUrl.pop_back();
    checkBoth({Phase::proxy, makeRequest("GET", "https://api.test/"), [&] { proxy.waitForRequests(2); }, settings});
}

BOOST_AUTO_TEST_CASE(hold_while_the_peer_does_not_read) {
    StubServer const server([](StubConnection& connection) {
        connection.readHead();
        connection.waitForRelease();
    });
    auto const request = makeRequest("POST", server.url(), std::string(std::size_t{64} << 20, 'b'));
    checkBoth({Phase::send, request, [&] { server.waitForRequests(2); }});
}

BOOST_AUTO_TEST_CASE(hold_while_the_peer_does_not_read_tls) {
    TestCa const ca("deadline test");
    auto const leaf = ca.issue({.ipAddresses = {"127.0.0.1"}});
    StubServer const server(
        [](StubConnection& connection) {
            connection.readHead();
            connection.waitForRelease();
        },
        {.tls = StubTls{.certificatePem = leaf.certificatePem, .privateKeyPem = leaf.privateKeyPem}});
    TransportSettings settings;
    settings.tls.verify = false;
    auto const request = makeRequest("POST", server.url(), std::string(std::size_t{64} << 20, 'b'));
    checkStop({Phase::send, request, [&] { server.waitForRequests(1); }, settings});
}

BOOST_AUTO_TEST_CASE(hold_while_the_reply_does_not_come) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.waitForClose();
    });
    checkBoth({Phase::firstByte, makeRequest("GET", server.url()), [&] { server.waitForRequests(2); }});
}

BOOST_AUTO_TEST_CASE(hold_while_the_body_drips) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        connection.drip(std::string(1'000'000, 'b'), 5ms);
    });
    Hang hang{Phase::body, makeRequest("GET", server.url()), [&] { server.waitForRequests(2); }};
    hang.exactPhase = false; // asked for, but perhaps not begun
    checkBoth(hang);
}

BOOST_AUTO_TEST_CASE(hold_while_a_tls_header_drips) {
    TestCa const ca("deadline test");
    auto const leaf = ca.issue({.ipAddresses = {"127.0.0.1"}});
    StubServer const server(
        [](StubConnection& connection) {
            connection.readRequest();
            connection.drip("HTTP/1.1 200 OK\r\nX: " + std::string(60'000, 'h'), 5ms);
        },
        {.tls = StubTls{.certificatePem = leaf.certificatePem, .privateKeyPem = leaf.privateKeyPem}});
    TransportSettings settings;
    settings.tls.verify = false;
    Hang hang{Phase::body, makeRequest("GET", server.url()), [&] { server.waitForRequests(2); }, settings};
    hang.exactPhase = false;
    hang.settings.limits.exchangeTimeout = 2 * patience;
    PocoTransport transport(settings);
    auto const failure = failureOf<TimedOut>([&] { send(transport, hang.request, 1s); }); // a handshake is in it
    BOOST_TEST((failure.phase() == Phase::body), describe(failure.phase()));
    checkStop(hang);
}

BOOST_AUTO_TEST_CASE(that_have_passed_end_a_request_before_it_connects) {
    StubServer const server(answering(okReply));
    PocoTransport transport;
    failureOf<TimedOut>([&] { send(transport, makeRequest("GET", server.url()), 0s); });
    failureOf<TimedOut>([&] { send(transport, makeRequest("GET", server.url()), -1s); });
    std::stop_source stop;
    stop.request_stop();
    failureOf<Cancelled>([&] { send(transport, makeRequest("GET", server.url()), patience, stop.get_token()); });
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(hold_on_a_connection_that_was_kept) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.send(okReply);
        connection.readRequest();
        connection.waitForClose();
    });
    PocoTransport transport;
    get(transport, server.url());
    auto const failure = failureOf<TimedOut>([&] { send(transport, makeRequest("GET", server.url()), shortLimit); });
    BOOST_TEST((failure.phase() == Phase::firstByte));
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(transport.idleConnections() == 0U);
}

BOOST_AUTO_TEST_CASE(the_settings_have_limits_of_their_own) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.waitForClose();
    });
    TransportSettings settings;
    settings.limits.exchangeTimeout = shortLimit;
    settings.limits.connectTimeout = shortLimit;
    settings.limits.tlsTimeout = shortLimit;
    PocoTransport transport(settings);
    checkContains(failureOf<TimedOut>([&] { get(transport, server.url()); }).what(), "limit 0.1 s");
    settings.limits.exchangeTimeout = patience;
    PocoTransport patient(settings);
    StubServer const dead({}, {.door = Door::blackhole});
    auto const deadUrl = "http://127.0.0.1:" + std::to_string(dead.port());
    checkContains(failureOf<ConnectFailed>([&] { get(patient, deadUrl); }).what(), "no answer within 0.1 s");
    auto const silent = "https://127.0.0.1:" + std::to_string(server.port());
    auto const failure = failureOf<TimedOut>([&] { get(patient, silent); });
    checkContains(failure.what(), "limit of a TLS handshake 0.1 s");
    BOOST_TEST((failure.phase() == Phase::tls));
}

BOOST_AUTO_TEST_CASE(the_end_of_time_is_no_deadline) {
    StubServer const server(answering(okReply));
    TransportSettings settings;
    settings.limits.exchangeTimeout = std::chrono::nanoseconds::max();
    settings.limits.connectTimeout = std::chrono::nanoseconds::max();
    PocoTransport transport(settings);
    BOOST_TEST(transport.send(makeRequest("GET", server.url()), SteadyTime::max(), {}).body == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
