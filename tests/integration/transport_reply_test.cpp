#include "integration/transport_support.hpp"

#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/data/test_case.hpp>

#include <array>
#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

using namespace httptest;
using namespace httptest::testing;

BOOST_AUTO_TEST_SUITE(PocoTransport_replies)

namespace {

enum class Kind { connectionLost, badReply, replyTooLarge };

/// A reply, after which the server closes, and what the caller must get.
struct BadCase {
    char const* name;
    std::string bytes;
    Kind kind;
    char const* message;
};

std::ostream& operator<<(std::ostream& output, BadCase const& badCase) {
    return output << badCase.name;
}

std::string const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string fields(int count) {
    std::string text = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < count; ++i) {
        text += "X-" + std::to_string(i) + ": v\r\n";
    }
    return text + "\r\n";
}

std::vector<BadCase> const badCases{
    {"nothing", "", Kind::connectionLost, "closed the connection before a byte of the reply came"},
    {"part_of_a_status_line", "HTTP/1.", Kind::badReply, "in the middle of the reply's header"},
    {"header_cut_short", "HTTP/1.1 200 OK\r\nContent-Le", Kind::badReply, "in the middle of the reply's header"},
    {"body_cut_short", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", Kind::badReply, "after 5 of 100 bytes"},
    {"chunk_cut_short", chunked + "a\r\nhello", Kind::badReply, "after 5 bytes of the body, before its last chunk"},
    {"last_chunk_missing", chunked + "5\r\nhello\r\n", Kind::badReply,
     "after 5 bytes of the body, before its last chunk"},
    {"chunk_size_no_number", chunked + "xyz\r\nhello\r\n0\r\n\r\n", Kind::badReply, "malformed chunk"},
    {"chunk_size_negative", chunked + "-5\r\nhello\r\n0\r\n\r\n", Kind::badReply, "malformed chunk"},
    {"chunk_size_overflows", chunked + "fffffffffffffffff\r\nhello\r\n0\r\n\r\n", Kind::badReply, "malformed chunk"},
    {"chunk_longer_than_said", chunked + "3\r\nhello\r\n0\r\n\r\n", Kind::badReply, "malformed chunk after 3 bytes"},
    {"negative_length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Kind::badReply, "Content-Length"},
    {"length_no_number", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello", Kind::badReply, "Content-Length"},
    {"length_with_plus", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", Kind::badReply, "Content-Length"},
    {"length_overflows", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\nhello", Kind::badReply,
     "Content-Length"},
    {"differing_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nhello", Kind::badReply,
     "contradictory Content-Length"},
    {"length_and_encoding",
     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     Kind::badReply, "Transfer-Encoding together with Content-Length"},
    {"encoding_and_length", chunked.substr(0, chunked.size() - 2) + "Content-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     Kind::badReply, "contradictory Content-Length"},
    {"gzip_and_chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", Kind::badReply,
     "\"gzip, chunked\", where only chunked"},
    {"gzip_encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", Kind::badReply,
     "\"gzip\", where only chunked"},
    {"chunked_twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     Kind::badReply, "Transfer-Encoding"},
    {"status_without_space", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", Kind::badReply,
     "no HTTP reply: \"HTTP/1.1 200\""},
    {"status_no_number", "HTTP/1.1 abc OK\r\n\r\n", Kind::badReply, "no HTTP reply: \"HTTP/1.1 abc OK\""},
    {"HTTP_2", "HTTP/2.0 200 OK\r\n\r\n", Kind::badReply, "no HTTP reply: \"HTTP/2.0 200 OK\""},
    {"another_protocol", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", Kind::badReply,
     "no HTTP reply: \"SSH-2.0-OpenSSH_9.2p1 Debian-2\""},
    {"control_characters", std::string("\x01\x1b[31m\0x", 7), Kind::badReply, "no HTTP reply: \"??[31m?\""},
    {"TLS_alert", std::string("\x15\x03\x01\x00\x02\x02\x46", 7), Kind::badReply,
     "speaks TLS on this port: use https://"},
    {"header_name_with_space", "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", Kind::badReply,
     "malformed header after its status 200"},
    {"header_value_with_NUL", std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 27), Kind::badReply,
     "malformed header"},
    {"header_without_colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", Kind::badReply, "malformed header"},
    {"bare_line_feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", Kind::badReply, "no HTTP reply"},
    {"switching_protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
     Kind::badReply, "101"},
    {"interim_reply_alone", "HTTP/1.1 103 Early Hints\r\n\r\n", Kind::badReply, "after an interim reply"},
    {"too_many_fields", fields(101), Kind::replyTooLarge, "more than 100 header fields"},
    {"huge_header", "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n", Kind::replyTooLarge,
     "a header of more than 65536 bytes"},
    {"huge_status_line", "HTTP/1.1 200 " + std::string(70'000, 'a') + "\r\n\r\n", Kind::replyTooLarge,
     "a header of more than 65536 bytes"},
    {"huge_trailer", chunked + "0\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n", Kind::replyTooLarge,
     "trailer of more than 65536 bytes"},
    {"huge_chunk_extension", chunked + "5;" + std::string(70'000, 'a'), Kind::replyTooLarge, "chunk header or trailer"},
    {"length_over_the_limit", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", Kind::replyTooLarge,
     "a body of 1001 bytes, more than the limit of 1000"},
    {"chunks_over_the_limit", chunked + "3e8\r\n" + std::string(1000, 'a') + "\r\n1\r\na\r\n0\r\n\r\n",
     Kind::replyTooLarge, "a body of more than 1000 bytes"},
    {"endless_body_over_the_limit", "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'a'), Kind::replyTooLarge,
     "a body of more than 1000 bytes"},
};

void check(Transport& transport, std::string const& url, BadCase const& badCase, std::string_view message) {
    auto const act = [&] { send(transport, makeRequest("POST", url)); };
    switch (badCase.kind) {
    case Kind::connectionLost: return checkContains(failureOf<ConnectionLost>(act).what(), message);
    case Kind::badReply: return checkContains(failureOf<BadReply>(act).what(), message);
    case Kind::replyTooLarge: return checkContains(failureOf<ReplyTooLarge>(act).what(), message);
    }
}

/// The first connection gets `bytes`, all others are answered well.
StubServer::Handler sendingFirst(std::string bytes) {
    return [bytes = std::move(bytes)](StubConnection& connection) {
        connection.readRequest();
        connection.send(connection.index() == 0 ? bytes : okReply);
    };
}

StubServer::Handler sendingOnce(std::string bytes) {
    return [bytes = std::move(bytes)](StubConnection& connection) {
        connection.readRequest();
        connection.send(bytes);
    };
}

TransportSettings smallBodies() {
    TransportSettings settings;
    settings.limits.bodyBytes = 1000;
    return settings;
}

} // namespace

BOOST_DATA_TEST_CASE(refuses_a_bad_reply_and_goes_on, badCases, badCase) {
    StubServer const server(sendingFirst(badCase.bytes));
    PocoTransport transport(smallBodies());
    check(transport, server.url(), badCase, badCase.message);
    BOOST_TEST(transport.idleConnections() == 0U);
    BOOST_TEST(get(transport, server.url()).body == "ok");
    BOOST_TEST(server.connections() == 2U);
}

BOOST_DATA_TEST_CASE(refuses_a_bad_reply_over_tls, badCases, badCase) {
    TestCa const ca("reply test");
    auto const leaf = ca.issue({.dnsNames = {"localhost"}});
    TemporaryFolder const folder;
    StubServer const server(sendingOnce(badCase.bytes), {.tls = StubTls{leaf.certificatePem, leaf.privateKeyPem}});
    auto settings = smallBodies();
    settings.tls.caFile = folder.write("ca.pem", ca.certificatePem());
    PocoTransport transport(settings);
    check(transport, server.url("/", "localhost"), badCase, badCase.message);
    BOOST_TEST(transport.idleConnections() == 0U);
}

BOOST_DATA_TEST_CASE(refuses_a_bad_reply_that_comes_byte_by_byte, badCases, badCase) {
    if (badCase.bytes.size() > 2000) {
        return; // the same code, for too long
    }
    StubServer const server([&badCase](StubConnection& connection) {
        connection.readRequest();
        for (char const byte : badCase.bytes) {
            connection.send({&byte, 1});
        }
    });
    PocoTransport transport(smallBodies());
    // What is no HTTP is refused at its first wrong byte, so that the text shows less of it.
    std::string_view const message = badCase.message;
    check(transport, server.url(), badCase, message.substr(0, message.find(": \"")));
}

BOOST_AUTO_TEST_CASE(a_body_without_length_ends_with_the_connection) {
    StubServer const server(sendingOnce("HTTP/1.1 200 OK\r\n\r\nhello"));
    PocoTransport transport;
    BOOST_TEST(get(transport, server.url()).body == "hello");
    BOOST_TEST(transport.idleConnections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_reset_in_the_body_is_a_truncation) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\n\r\nhello");
        connection.reset();
    });
    PocoTransport transport;
    checkContains(failureOf<BadReply>([&] { get(transport, server.url()); }).what(), "reset the connection");
}

BOOST_AUTO_TEST_CASE(a_tls_body_without_length_needs_close_notify) {
    TestCa const ca("reply test");
    auto const leaf = ca.issue({.dnsNames = {"localhost"}});
    TemporaryFolder const folder;
    StubServer const server(
        [](StubConnection& connection) {
            bool const honest = connection.readRequest().starts_with("GET /honest");
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello");
            if (!honest) {
                connection.cut();
            }
        },
        {.tls = StubTls{leaf.certificatePem, leaf.privateKeyPem}});
    TransportSettings settings;
    settings.tls.caFile = folder.write("ca.pem", ca.certificatePem());
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, server.url("/honest", "localhost")).body == "hello");
    auto const failure = failureOf<BadReply>([&] { get(transport, server.url("/cut", "localhost")); });
    checkContains(failure.what(), "without close_notify after 5 bytes");
    BOOST_TEST((failure.phase() == Phase::body));
}

BOOST_AUTO_TEST_CASE(head_204_and_304_have_no_body_whatever_their_length_says) {
    StubServer const server([](StubConnection& connection) {
        for (;;) {
            auto const request = connection.readRequest();
            std::string const status = request.starts_with("HEAD")                 ? "200 OK"
                                       : request.find("/204") != std::string::npos ? "204 No Content"
                                                                                   : "304 Not Modified";
            connection.send("HTTP/1.1 " + status + "\r\nContent-Length: 1000\r\n\r\n");
        }
    });
    PocoTransport transport;
    BOOST_TEST(send(transport, makeRequest("HEAD", server.url())).status == 200);
    BOOST_TEST(get(transport, server.url("/204")).status == 204);
    BOOST_TEST(get(transport, server.url("/304")).status == 304);
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(interim_replies_are_passed_over) {
    StubServer const server(
        answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                  "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"));
    PocoTransport transport;
    for (int i = 0; i < 2; ++i) {
        auto const response = get(transport, server.url());
        BOOST_TEST(response.status == 201);
        BOOST_TEST(response.body == "ok");
        BOOST_TEST(!response.headers.has("Link"));
    }
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(an_endless_run_of_interim_replies_ends) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        for (;;) {
            connection.send("HTTP/1.1 102 Processing\r\n\r\n");
        }
    });
    PocoTransport transport;
    checkContains(failureOf<BadReply>([&] { get(transport, server.url()); }).what(), "more than 20 interim replies");
}

BOOST_AUTO_TEST_CASE(surplus_bytes_never_become_the_next_reply) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.send(std::string(okReply) + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        connection.readRequest();
    });
    PocoTransport transport;
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(get(transport, server.url()).body == "ok");
        BOOST_TEST(transport.idleConnections() == 0U);
    }
    BOOST_TEST(server.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(surplus_bytes_beyond_a_full_buffer_are_noticed) {
    // The reply ends exactly where the transport's buffer does.
    std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 16000\r\nX: ";
    reply += std::string(16384 - 16000 - reply.size() - 4, 'x') + "\r\n\r\n" + std::string(16000, 'a');
    StubServer const server([&reply](StubConnection& connection) {
        connection.readRequest();
        connection.send(reply + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        connection.readRequest();
    });
    PocoTransport transport;
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(get(transport, server.url()).body.size() == 16000U);
    }
}

BOOST_AUTO_TEST_CASE(a_large_chunked_body_arrives_whole) {
    std::string body;
    for (int i = 0; body.size() < 3'000'000; ++i) {
        body += std::to_string(i);
    }
    StubServer const server([&body](StubConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (std::size_t at = 0, size = 1; at < body.size(); at += size, size = size * 3 + 1) {
            auto const piece = body.substr(at, size);
            std::array<char, 20> hex{};
            std::snprintf(hex.data(), hex.size(), "%zx\r\n", piece.size());
            connection.send(hex.data() + piece + "\r\n");
        }
        connection.send("0\r\nX-Trailer: no header\r\n\r\n");
        connection.readRequest();
    });
    PocoTransport transport;
    auto const response = get(transport, server.url());
    BOOST_TEST((response.body == body));
    BOOST_TEST(!response.headers.has("X-Trailer"));
    BOOST_TEST(transport.idleConnections() == 1U);
}

BOOST_AUTO_TEST_CASE(the_largest_allowed_reply_is_taken) {
    StubServer const server(answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'a')));
    PocoTransport transport(smallBodies());
    BOOST_TEST(get(transport, server.url()).body.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(headers_keep_their_order_and_spelling) {
    StubServer const server(
        answering("HTTP/1.1 200 Very Fine\r\nb-Header: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
                  "Empty:\r\nContent-Length: 0\r\n\r\n"));
    PocoTransport transport;
    auto const response = get(transport, server.url());
    BOOST_TEST(response.reason == "Very Fine");
    std::string shown;
    for (auto const& field : response.headers) {
        shown += field.name + '=' + field.value + '|';
    }
    BOOST_TEST(shown == "b-Header=2|Set-Cookie=a=1|Set-Cookie=b=2|Empty=|Content-Length=0|");
}

BOOST_AUTO_TEST_SUITE_END()
