#include "wire/message.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace httptest;
using namespace httptest::wire;
using namespace std::chrono_literals;

namespace {

/// Hands out prepared pieces, then an end.
class ScriptedBytes final : public ByteSource {
public:
    explicit ScriptedBytes(std::vector<std::string> pieces, End end = End::clean)
        : pieces_(std::move(pieces)),
          end_(end) {}

    Bytes read(char* to, std::size_t room) override {
        while (next_ < pieces_.size() && pieces_[next_].empty()) {
            ++next_;
        }
        if (next_ == pieces_.size()) {
            return {0, end_};
        }
        auto& piece = pieces_[next_];
        auto const count = std::min(room, piece.size());
        std::copy_n(piece.begin(), count, to);
        piece.erase(0, count);
        return {count, End::none};
    }

private:
    std::vector<std::string> pieces_;
    std::size_t next_ = 0;
    End end_;
};

Reply read(std::vector<std::string> pieces,
           ReplyRules const& rules = {.headerBytes = 1000, .headerFields = 10, .bodyBytes = 1000}) {
    Request request;
    request.url = Url::parse("http://api.test/");
    Watch watch(request, SteadyTime::max(), 60s, {});
    ScriptedBytes source(std::move(pieces));
    return readReply(source, rules, watch);
}

std::string described(Reply const& reply) {
    auto text = std::to_string(reply.response.status) + ' ' + reply.response.reason + '|';
    for (auto const& field : reply.response.headers) {
        text += field.name + ": " + field.value + '|';
    }
    return text + reply.response.body + (reply.keepAlive ? "|keep" : "|close") + (reply.surplus ? "|surplus" : "");
}

void checkAnySplit(std::string const& bytes, std::string const& expected) {
    BOOST_TEST(described(read({bytes})) == expected);
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        BOOST_TEST(described(read({bytes.substr(0, at), bytes.substr(at)})) == expected, "split at " << at);
    }
    std::vector<std::string> single;
    for (char const byte : bytes) {
        single.emplace_back(1, byte);
    }
    BOOST_TEST(described(read(single)) == expected);
}

std::optional<std::chrono::seconds> keepAliveOf(std::string const& value) {
    return read({"HTTP/1.1 200 OK\r\nKeep-Alive: " + value + "\r\nContent-Length: 0\r\n\r\n"}).keepAliveFor;
}

} // namespace

BOOST_AUTO_TEST_SUITE(readReply_)

BOOST_AUTO_TEST_CASE(reads_the_same_however_the_bytes_are_split) {
    checkAnySplit("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
                  "200 OK|Content-Length: 5|X: y|hello|keep");
    checkAnySplit("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nT: x\r\n\r\n",
                  "200 OK|Transfer-Encoding: Chunked|hello!|keep");
    checkAnySplit("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                  "200 OK|Transfer-Encoding: chunked||keep");
    checkAnySplit("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: x\r\n\r\n",
                  "200 OK|Transfer-Encoding: chunked||keep");
    checkAnySplit("HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "204 No Content||keep");
    checkAnySplit("HTTP/1.1 200 \r\nConnection: close\r\n\r\nhello", "200 |Connection: close|hello|close");
    checkAnySplit("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 OK|Content-Length: 2|ok|close");
}

BOOST_AUTO_TEST_CASE(sees_bytes_behind_the_reply) {
    BOOST_TEST(described(read({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!"})) ==
               "200 OK|Content-Length: 2|ok|close|surplus");
    BOOST_TEST(read({"HTTP/1.1 204 No Content\r\n\r\nx"}).surplus);
    BOOST_TEST(read({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
                    {.noBody = true, .headerBytes = 1000, .headerFields = 10, .bodyBytes = 1000})
                   .surplus);
}

BOOST_AUTO_TEST_CASE(reads_how_long_the_server_keeps_the_connection) {
    BOOST_TEST((keepAliveOf("timeout=5, max=100") == 5s));
    BOOST_TEST((keepAliveOf("max=100, timeout=0") == 0s));
    for (auto const* value : {"", "max=100", "timeout=", "timeout=x", "timeout=-1", "timeout=99999999999999999999"}) {
        BOOST_TEST(!keepAliveOf(value).has_value(), value);
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_status_below_100) {
    for (auto const* status : {"000", "002", "099"}) {
        BOOST_CHECK_THROW(read({std::string("HTTP/1.1 ") + status + " OK\r\nContent-Length: 0\r\n\r\n"}), BadReply);
    }
}

BOOST_AUTO_TEST_CASE(takes_as_much_as_its_limits_allow) {
    std::string const head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    auto rules = ReplyRules{.headerBytes = head.size(), .headerFields = 1, .bodyBytes = 0};
    BOOST_TEST(read({head}, rules).response.status == 200);
    rules.headerBytes /= 2;
    BOOST_CHECK_THROW(read({head}, rules), ReplyTooLarge);
    rules = {.headerBytes = 1000, .headerFields = 0, .bodyBytes = 0};
    BOOST_CHECK_THROW(read({head}, rules), ReplyTooLarge);
}

BOOST_AUTO_TEST_SUITE_END()
