#include "integration/transport_support.hpp"
#include "support/contains.hpp"

#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/data/test_case.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace httptest;
using namespace httptest::testing;

namespace {

/// HTTP, or HTTPS with everything that it needs.
class Setup {
public:
    explicit Setup(bool tls) : tls_(tls) {}

    StubOptions options() const {
        StubOptions result;
        if (tls_) {
            auto const leaf = ca_.issue({.ipAddresses = {"127.0.0.1"}});
            result.tls = StubTls{.certificatePem = leaf.certificatePem, .privateKeyPem = leaf.privateKeyPem};
        }
        return result;
    }

    TransportSettings settings() const {
        TransportSettings result;
        result.tls.caFile = folder_.write("ca.pem", ca_.certificatePem());
        result.tls.systemCas = false;
        return result;
    }

private:
    bool tls_;
    TestCa ca_{"Connection Test CA"};
    TemporaryFolder folder_;
};

TransportSettings resolvingTo(std::vector<std::string> addresses) {
    TransportSettings settings;
    settings.resolveName = [addresses = std::move(addresses)](std::string const&) { return addresses; };
    return settings;
}

/// Calls `reset` and signals when the client can know of it.
[[noreturn]] void resetAnd(StubConnection& connection, std::binary_semaphore& signal) {
    try {
        connection.reset();
    } catch (...) {
        signal.release();
        throw;
    }
}

auto const httpAndHttps = boost::unit_test::data::make({false, true});

} // namespace

BOOST_AUTO_TEST_SUITE(PocoTransport_connections)

BOOST_DATA_TEST_CASE(are_used_again, httpAndHttps, tls) {
    Setup const setup(tls);
    StubServer const server(answering(okReply), setup.options());
    PocoTransport transport(setup.settings());
    auto const first = get(transport, server.url());
    BOOST_TEST(!first.connectionReused);
    BOOST_TEST(first.timings.connect.count() > 0);
    for (auto const* method : {"GET", "POST", "GET", "DELETE"}) {
        auto const next = send(transport, makeRequest(method, server.url()));
        BOOST_TEST(next.body == "ok");
        BOOST_TEST(next.connectionReused);
        BOOST_TEST(next.connection == first.connection);
        BOOST_TEST(next.timings.connect.count() + next.timings.resolve.count() + next.timings.tls.count() == 0);
        BOOST_TEST(next.timings.total.count() > 0);
    }
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(transport.idleConnections() == 1U);
}

BOOST_AUTO_TEST_CASE(are_not_kept_against_the_servers_will) {
    for (std::string const reply : {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                                    "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                                    "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n"}) {
        StubServer const server(answering(reply));
        PocoTransport transport;
        get(transport, server.url());
        BOOST_TEST(transport.idleConnections() == 0U, reply);
    }
}

BOOST_AUTO_TEST_CASE(are_not_kept_against_the_callers_will) {
    StubServer const server(answering(okReply));
    PocoTransport transport;
    auto request = makeRequest("GET", server.url());
    request.headers.add("Connection", "x, Close");
    send(transport, request);
    BOOST_TEST(transport.idleConnections() == 0U);
    TransportSettings settings;
    settings.limits.idleConnections = 0;
    PocoTransport keepsNone(settings);
    get(keepsNone, server.url());
    BOOST_TEST(keepsNone.idleConnections() == 0U);
}

BOOST_AUTO_TEST_CASE(are_given_up_when_idle_for_too_long) {
    StubServer const server(answering(okReply));
    TransportSettings settings;
    settings.limits.idleTimeout = 1ns;
    PocoTransport transport(settings);
    get(transport, server.url());
    BOOST_TEST(!get(transport, server.url()).connectionReused);
    BOOST_TEST(server.connections() == 2U);
}

BOOST_DATA_TEST_CASE(closed_while_idle_are_replaced_for_every_method, httpAndHttps, tls) {
    Setup const setup(tls);
    std::binary_semaphore closed{0};
    StubServer const server(
        [&closed](StubConnection& connection) {
            connection.readRequest();
            connection.send(okReply);
            connection.endSending();
            closed.release();
            connection.waitForClose();
        },
        setup.options());
    PocoTransport transport(setup.settings());
    for (auto const* method : {"GET", "POST", "POST", "GET"}) {
        auto const response = send(transport, makeRequest(method, server.url()));
        BOOST_TEST(response.body == "ok");
        BOOST_TEST(!response.connectionReused);
        closed.acquire();
    }
    BOOST_TEST(server.requests().size() == 4U);
}

BOOST_DATA_TEST_CASE(reset_while_idle_are_replaced_for_every_method, httpAndHttps, tls) {
    Setup const setup(tls);
    std::binary_semaphore closed{0};
    StubServer server(
        [&closed](StubConnection& connection) {
            connection.readRequest();
            connection.send(okReply);
            connection.waitForRelease();
            resetAnd(connection, closed);
        },
        setup.options());
    PocoTransport transport(setup.settings());
    for (auto const* method : {"GET", "POST", "POST", "GET"}) {
        auto const response = send(transport, makeRequest(method, server.url()));
        BOOST_TEST(response.body == "ok");
        BOOST_TEST(!response.connectionReused);
        server.release();
        closed.acquire();
    }
    BOOST_TEST(server.requests().size() == 4U);
}

BOOST_DATA_TEST_CASE(that_brought_something_unasked_are_not_used_again, httpAndHttps, tls) {
    Setup const setup(tls);
    std::binary_semaphore sent{0};
    StubServer server(
        [&sent](StubConnection& connection) {
            connection.readRequest();
            connection.send(okReply);
            connection.waitForRelease();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            sent.release();
            connection.waitForClose();
        },
        setup.options());
    PocoTransport transport(setup.settings());
    for (auto const* method : {"GET", "GET", "POST", "POST"}) {
        auto const response = send(transport, makeRequest(method, server.url()));
        BOOST_TEST(response.body == "ok");
        BOOST_TEST(!response.connectionReused);
        server.release();
        sent.acquire(); // what comes less than a millisecond after the reply counts too
    }
}

BOOST_DATA_TEST_CASE(lost_under_a_request_are_replaced_once_for_idempotent_methods,
                     httpAndHttps* boost::unit_test::data::make({false, true}), tls, byReset) {
    Setup const setup(tls);
    for (std::string const method : {"GET", "PUT", "POST", "PATCH"}) {
        StubServer const server(
            [byReset](StubConnection& connection) {
                connection.readRequest();
                connection.send(okReply);
                connection.readRequest();
                if (byReset) {
                    connection.reset();
                }
            },
            setup.options());
        PocoTransport transport(setup.settings());
        get(transport, server.url());
        auto const again = makeRequest(method, server.url());
        if (method == "GET" || method == "PUT") {
            auto const response = send(transport, again);
            BOOST_TEST(response.body == "ok");
            BOOST_TEST(!response.connectionReused);
            BOOST_TEST(server.requests().size() == 3U);
        } else {
            auto const failure = failureOf<ConnectionLost>([&] { send(transport, again); });
            checkContains(failure.what(), "the transport does not send it again, since it may have been carried out");
            BOOST_TEST(server.requests().size() == 2U);
            BOOST_TEST(server.connections() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(lost_again_are_not_replaced_again) {
    StubServer const server([](StubConnection& connection) {
        if (connection.readRequest(); connection.index() == 0) {
            connection.send(okReply);
            connection.readRequest();
        }
    });
    PocoTransport transport;
    get(transport, server.url());
    failureOf<ConnectionLost>([&] { get(transport, server.url()); });
    BOOST_TEST(server.requests().size() == 3U);
    failureOf<ConnectionLost>([&] { get(transport, server.url()); }); // a new connection is no reason to send again
    BOOST_TEST(server.requests().size() == 4U);
}

BOOST_AUTO_TEST_CASE(broken_in_a_reply_are_no_reason_to_send_again) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.send(okReply);
        connection.readRequest();
        connection.send("HTTP/1.1 200");
    });
    PocoTransport transport;
    get(transport, server.url());
    failureOf<BadReply>([&] { get(transport, server.url()); });
    BOOST_TEST(server.requests().size() == 2U);
}

BOOST_DATA_TEST_CASE(an_early_401_ends_an_upload, httpAndHttps* boost::unit_test::data::make({false, true}), tls,
                     byReset) {
    Setup const setup(tls);
    StubServer const server(
        [byReset](StubConnection& connection) {
            connection.readHead();
            connection.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 6\r\n\r\ndenied");
            if (byReset) {
                connection.reset();
            }
            connection.waitForRelease();
        },
        setup.options());
    PocoTransport transport(setup.settings());
    auto const response = send(transport, makeRequest("POST", server.url(), std::string(std::size_t{4} << 20, 'b')));
    BOOST_TEST(response.status == 401);
    BOOST_TEST(response.body == "denied");
}

BOOST_DATA_TEST_CASE(carry_an_upload_that_the_server_reads_late, httpAndHttps, tls) {
    Setup const setup(tls);
    auto const upload = std::string(std::size_t{32} << 20, 'b');
    StubServer server(
        [](StubConnection& connection) {
            connection.readHead();
            connection.waitForRelease();
            connection.readBytes(std::size_t{32} << 20);
            connection.send(okReply);
        },
        setup.options());
    PocoTransport transport(setup.settings());
    std::jthread const releaser([&server] {
        server.waitForRequests(1);
        server.release();
    });
    BOOST_TEST(send(transport, makeRequest("POST", server.url(), upload)).body == "ok");
    BOOST_TEST(transport.idleConnections() == 1U);
}

BOOST_AUTO_TEST_CASE(are_not_kept_after_half_an_upload) {
    // What was not sent of it would be read as the next request. No socket's buffers take so much.
    auto const upload = std::string(std::size_t{64} << 20, 'b');
    StubServer const server([](StubConnection& connection) {
        connection.readHead();
        connection.send(okReply);
        connection.waitForRelease();
    });
    PocoTransport transport;
    BOOST_TEST(send(transport, makeRequest("POST", server.url(), upload)).status == 200);
    BOOST_TEST(transport.idleConnections() == 0U);
}

BOOST_AUTO_TEST_CASE(are_made_to_the_next_address_when_the_first_refuses) {
    StubServer const server(answering(okReply));
    PocoTransport transport(resolvingTo({"127.0.0.2", "127.0.0.1"}));
    auto const response = get(transport, server.url("/", "api.test"));
    BOOST_TEST(response.body == "ok");
    BOOST_TEST(response.connection->peer == "127.0.0.1:" + std::to_string(server.port()));
}

BOOST_AUTO_TEST_CASE(are_made_to_the_next_address_when_the_first_is_dead) {
    StubServer const server(answering(okReply));
    StubServer const dead({}, {.address = "127.0.0.2", .port = server.port(), .door = Door::blackhole});
    auto settings = resolvingTo({"127.0.0.2", "127.0.0.1"});
    settings.limits.connectStagger = 20ms;
    settings.limits.connectTimeout = 2 * patience;
    PocoTransport transport(settings);
    auto const response = get(transport, server.url("/", "api.test"));
    BOOST_TEST(response.body == "ok");
    BOOST_TEST((response.timings.connect >= 20ms));
}

BOOST_AUTO_TEST_CASE(are_tried_to_sixteen_addresses_at_once_at_most) {
    StubServer const dead({}, {.address = "0.0.0.0", .door = Door::blackhole});
    std::vector<std::string> addresses;
    for (int i = 1; i <= 40; ++i) {
        addresses.push_back("127.0.0." + std::to_string(i));
    }
    auto settings = resolvingTo(addresses);
    settings.limits.connectStagger = 0ms;
    settings.limits.connectTimeout = 50ms;
    PocoTransport transport(settings);
    auto const failure =
        failureOf<ConnectFailed>([&] { get(transport, "http://api.test:" + std::to_string(dead.port()) + "/"); });
    for (auto const& address : addresses) {
        BOOST_TEST(contains(failure.what(), address + ":"), failure.what());
    }
}

BOOST_AUTO_TEST_CASE(are_made_to_the_first_address_that_accepts) {
    StubServer const server(answering(okReply));
    PocoTransport transport(resolvingTo({"127.0.0.1", "127.0.0.2"}));
    BOOST_TEST(get(transport, server.url("/", "api.test")).connection->peer ==
               "127.0.0.1:" + std::to_string(server.port()));
}

BOOST_AUTO_TEST_CASE(localhost_is_tried_on_both_its_addresses) {
    StubServer const server(answering(okReply), {.address = "::1"});
    PocoTransport transport;
    BOOST_TEST(get(transport, server.url("/", "localhost")).connection->peer ==
               "[::1]:" + std::to_string(server.port()));
}

BOOST_AUTO_TEST_CASE(that_cannot_be_made_name_every_address) {
    std::string url;
    {
        StubServer const gone(answering(okReply));
        url = gone.url("/", "api.test");
    }
    PocoTransport transport(resolvingTo({"127.0.0.1", "127.0.0.2"}));
    auto const failure = failureOf<ConnectFailed>([&] { get(transport, url); });
    BOOST_TEST((failure.phase() == Phase::connect));
    checkContains(failure.what(), "GET " + url);
    checkContains(failure.what(), "127.0.0.1:");
    checkContains(failure.what(), "127.0.0.2:");
    checkContains(failure.what(), "Connection refused");
}

BOOST_AUTO_TEST_CASE(names_that_cannot_be_resolved_are_named) {
    auto const text = [](ResolveName const& resolve) -> std::string {
        TransportSettings settings;
        settings.resolveName = resolve;
        PocoTransport transport(settings);
        return failureOf<NameNotResolved>([&] { get(transport, "http://api.test/"); }).what();
    };
    checkContains(text([](std::string const&) { return std::vector<std::string>{}; }),
                  "api.test cannot be resolved: it has no address");
    checkContains(text([](std::string const&) { return std::vector<std::string>{"host"}; }),
                  "\"host\", which is no address");
    checkContains(
        text([](std::string const& host) -> std::vector<std::string> { throw std::runtime_error("no " + host); }),
        "api.test cannot be resolved: no api.test");
    checkContains(text([](std::string const&) -> std::vector<std::string> { throw 17; }),
                  "threw something that is no std::exception");
}

BOOST_AUTO_TEST_CASE(a_transport_without_time_or_room_is_refused) {
    auto const refusal = [](TransportLimits const& limits) -> std::string {
        TransportSettings settings;
        settings.limits = limits;
        return failureOf<Misconfigured>([&] { PocoTransport{settings}; }).what();
    };
    checkContains(refusal({.tlsTimeout = 0s}), "timeouts (connect, TLS, exchange) must be longer than nothing");
    checkContains(refusal({.exchangeTimeout = -1s}), "timeouts (connect, TLS, exchange)");
    checkContains(refusal({.headerFields = 0}), "limits for headers must be greater than 0");
}

BOOST_DATA_TEST_CASE(serve_eight_threads, httpAndHttps, tls) {
    constexpr int threads = 8;
    constexpr int requests = 50;
    Setup const setup(tls);
    StubServer const server(
        [](StubConnection& connection) {
            for (;;) {
                auto const request = connection.readRequest();
                auto const path = request.substr(4, request.find(' ', 4) - 4);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(path.size()) + "\r\n\r\n" +
                                path);
            }
        },
        setup.options());
    PocoTransport transport(setup.settings());
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < threads; ++i) {
            callers.emplace_back([&, i] {
                for (int j = 0; j < requests; ++j) {
                    auto const path = '/' + std::to_string(i) + '/' + std::to_string(j);
                    try {
                        right += get(transport, server.url(path)).body == path ? 1 : 0;
                    } catch (std::exception const&) { // counted as wrong
                    }
                }
            });
        }
    }
    BOOST_TEST(right == threads * requests);
    BOOST_TEST(server.connections() <= static_cast<std::size_t>(threads));
    BOOST_TEST(transport.idleConnections() == server.connections());
}

BOOST_DATA_TEST_CASE(of_a_parent_are_left_alone_by_its_child, httpAndHttps, tls) {
    Setup const setup(tls);
    StubServer const server(answering(okReply), setup.options());
    PocoTransport transport(setup.settings());
    get(transport, server.url());
    pid_t const child = ::fork();
    if (child == 0) {
        int code = 1;
        try {
            bool const startsEmpty = transport.idleConnections() == 0;
            auto const response = get(transport, server.url());
            code = startsEmpty && response.body == "ok" && !response.connectionReused ? 0 : 2;
        } catch (...) { // the code says it
        }
        ::_exit(code);
    }
    BOOST_REQUIRE(child > 0);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0), "the child's status is " << status);
    auto const response = get(transport, server.url());
    BOOST_TEST(response.body == "ok");
    BOOST_TEST(response.connectionReused);
    BOOST_TEST(server.connections() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
