#include "wire/message.hpp"

#include "wire/text.hpp"

// Beast 1.74 asserts five bytes where a body without chunks, arriving byte by byte, gives it four; what it then does is
// right (BOOST_VERIFY still evaluates its argument).
#define BOOST_DISABLE_ASSERTS
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

// The only file that sees Beast, whose headers take seconds to compile.

namespace httptest::wire {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastText = boost::beast::string_view;

/// RFC 9110 section 15.2 lets a server send any number of interim replies; a loop of them would never end.
constexpr int maxInterimReplies = 20;

/// A Content-Length is a claim: no more than this is set aside before bytes come.
constexpr std::size_t maxReserve = std::size_t{1} << 20;

std::string_view view(BeastText text) {
    return {text.data(), text.size()};
}

/// Beast's strict grammar, filling our types directly.
class ReplyParser final : public http::basic_parser<false> {
public:
    ReplyParser(Reply& reply, ReplyRules const& rules) : reply_(reply), rules_(rules) {
        header_limit(static_cast<std::uint32_t>(
            std::min<std::size_t>(rules.headerBytes, std::numeric_limits<std::uint32_t>::max())));
        body_limit(rules.bodyBytes);
        eager(true);
        skip(rules.noBody);
    }

    bool tooManyFields() const noexcept { return fields_ > rules_.headerFields; }
    std::string const& refusedEncoding() const noexcept { return refusedEncoding_; }

private:
    void on_request_impl(http::verb, BeastText, BeastText, int, error_code&) override {}

    void on_response_impl(int code, BeastText reason, int, error_code& ec) override {
        if (code < 100) { // three digits are enough for Beast, "002" among them
            ec = http::error::bad_status;
            return;
        }
        reply_.response.status = code;
        reply_.response.reason = view(reason);
        reply_.response.headers.reserve(12);
    }

    void on_field_impl(http::field name, BeastText text, BeastText value, error_code& ec) override {
        if (++fields_ > rules_.headerFields) {
            ec = http::error::header_limit;
            return;
        }
        if (inTrailer_) {
            return; // RFC 9110 section 6.5.1: what is not understood there is not merged into the header.
        }
        if (name == http::field::transfer_encoding && !equalsIgnoringCase(view(value), "chunked")) {
            refusedEncoding_ = excerpt(view(value));
            ec = http::error::bad_transfer_encoding;
            return;
        }
        if (name == http::field::keep_alive) {
            readKeepAlive(view(value));
        }
        reply_.response.headers.add(std::string(view(text)), std::string(view(value)));
    }

    // Newer versions of Beast have a function of its own for trailers; no `override`, so that older ones compile.
    virtual void on_trailer_field_impl(http::field name, BeastText text, BeastText value, error_code& ec) {
        on_field_impl(name, text, value, ec);
    }

    void on_header_impl(error_code&) override { inTrailer_ = true; }

    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override {
        if (length) {
            reply_.response.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, maxReserve)));
        }
    }

    std::size_t on_body_impl(BeastText body, error_code&) override {
        reply_.response.body.append(body.data(), body.size());
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, BeastText, error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, BeastText body, error_code& ec) override {
        return on_body_impl(body, ec);
    }

    void on_finish_impl(error_code&) override {}

    void readKeepAlive(std::string_view value) {
        constexpr std::string_view key = "timeout=";
        auto const at = value.find(key);
        long long timeout = 0;
        if (at != std::string_view::npos &&
            std::from_chars(value.data() + at + key.size(), value.data() + value.size(), timeout).ec == std::errc() &&
            timeout >= 0 && timeout < 86'400) {
            reply_.keepAliveFor = std::chrono::seconds(timeout);
        }
    }

    Reply& reply_;
    ReplyRules const& rules_;
    std::size_t fields_ = 0;
    bool inTrailer_ = false;
    std::string refusedEncoding_;
};

/// Bytes that were read and not parsed yet. Starts on the stack: a small reply costs no allocation, and what the heap
/// keeps does not hold it.
class Incoming {
public:
    explicit Incoming(std::size_t limit) : limit_(std::max(limit, first_.size())) {}

    std::string_view unparsed() const noexcept { return {data_ + begin_, end_ - begin_}; }
    void drop(std::size_t count) noexcept { begin_ += count; }

    /// Makes room behind the unparsed bytes; returns 0 when they fill the limit.
    std::size_t makeRoom() {
        auto const size = end_ - begin_;
        if (begin_ > 0) {
            std::memmove(data_, data_ + begin_, size);
            begin_ = 0;
            end_ = size;
        }
        if (end_ == capacity_ && capacity_ < limit_) {
            std::vector<char> larger(std::min(limit_, 4 * capacity_));
            std::memcpy(larger.data(), data_, size);
            grown_.swap(larger);
            data_ = grown_.data();
            capacity_ = grown_.size();
        }
        return capacity_ - end_;
    }

    char* room() noexcept { return data_ + end_; }
    void add(std::size_t count) noexcept { end_ += count; }

private:
    std::array<char, std::size_t{16} * 1024> first_; // left uninitialised on purpose
    std::vector<char> grown_;
    std::size_t limit_;
    char* data_ = first_.data();
    std::size_t capacity_ = first_.size();
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

std::string firstLine(std::string_view text) {
    return excerpt(text.substr(0, text.find_first_of("\r\n")));
}

class ReplyReader {
public:
    ReplyReader(ByteSource& source, ReplyRules const& rules, Watch& watch)
        : source_(source),
          rules_(rules),
          watch_(watch),
          // A header must fit as a whole, chunk headers and trailers too.
          incoming_(rules.headerBytes) {}

    Reply read() {
        for (int interim = 0; interim <= maxInterimReplies; ++interim) {
            Reply reply;
            readOne(reply);
            int const status = reply.response.status;
            if (status == 101) {
                bad("switched protocols (101), which the request had not asked for");
            }
            if (status / 100 != 1) {
                reply.surplus = !incoming_.unparsed().empty();
                reply.keepAlive = reply.keepAlive && !reply.surplus;
                return reply;
            }
        }
        bad("sent more than " + std::to_string(maxInterimReplies) + " interim replies (1xx) and no final one");
    }

private:
    void readOne(Reply& reply) {
        ReplyParser parser(reply, rules_);
        std::size_t headerBytes = 0;
        bool hungry = incoming_.unparsed().empty();
        while (!parser.is_done()) {
            if (hungry && !fill(parser, reply)) {
                break;
            }
            error_code error;
            auto const bytes = incoming_.unparsed();
            if (reply.response.status == 0) {
                requireHttp(bytes);
            }
            auto const consumed = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
            incoming_.drop(consumed);
            if (!parser.is_header_done()) {
                headerBytes += consumed;
                if (headerBytes + incoming_.unparsed().size() > rules_.headerBytes) {
                    error = http::error::header_limit;
                }
            }
            hungry = error == http::error::need_more || incoming_.unparsed().empty();
            if (error && error != http::error::need_more) {
                refuse(parser, reply, error, bytes);
            }
        }
        reply.keepAlive = parser.keep_alive();
    }

    /// Reads more. Returns false when the end of the stream completes the reply.
    bool fill(ReplyParser& parser, Reply const& reply) {
        auto const room = incoming_.makeRoom();
        if (room == 0) {
            tooLarge("a header, chunk header or trailer of more than " + std::to_string(rules_.headerBytes) + " bytes");
        }
        auto const got = source_.read(incoming_.room(), room);
        if (got.end == End::none) {
            incoming_.add(got.count);
            total_ += got.count;
            return true;
        }
        if (got.end == End::clean && parser.got_some() && parser.is_header_done() && parser.need_eof()) {
            error_code error;
            parser.put_eof(error);
            return false;
        }
        ended(got.end, parser, reply);
    }

    [[noreturn]] void ended(End end, ReplyParser& parser, Reply const& reply) {
        std::string const how = end == End::reset ? "reset the connection"
                                : end == End::cut ? "closed the connection without close_notify"
                                                  : "closed the connection";
        if (total_ == 0) {
            watch_.fail<ConnectionLost>(std::string(rules_.speaker) + ' ' + how + " before a byte of the reply came" +
                                        rules_.lossNote);
        }
        if (!parser.got_some()) {
            bad(how + " after an interim reply, before the final one");
        }
        if (!parser.is_header_done()) {
            bad(how + " in the middle of the reply's header");
        }
        auto const got = std::to_string(reply.response.body.size());
        if (auto const length = parser.content_length()) {
            bad(how + " after " + got + " of " + std::to_string(*length) + " bytes of the body");
        }
        if (parser.chunked()) {
            bad(how + " after " + got + " bytes of the body, before its last chunk");
        }
        bad(how + " after " + got + " bytes of a body without a length, so that it may be cut short");
    }

    [[noreturn]] void refuse(ReplyParser& parser, Reply const& reply, error_code error, std::string_view bytes) {
        if (error == http::error::body_limit) {
            auto const length = parser.is_header_done() ? parser.content_length() : boost::none;
            tooLarge(
                "a body of " +
                (length ? std::to_string(*length) + " bytes, more than the limit of " : std::string("more than ")) +
                std::to_string(rules_.bodyBytes) + (length ? "" : " bytes"));
        }
        if (parser.tooManyFields()) {
            tooLarge("more than " + std::to_string(rules_.headerFields) + " header fields");
        }
        if (error == http::error::header_limit) {
            tooLarge("a header of more than " + std::to_string(rules_.headerBytes) + " bytes");
        }
        if (error == http::error::bad_content_length) {
            bad("sent a malformed or contradictory Content-Length");
        }
        if (error == http::error::bad_transfer_encoding) {
            bad(parser.refusedEncoding().empty()
                    ? "sent Transfer-Encoding together with Content-Length, or twice"
                    : "sent Transfer-Encoding " + parser.refusedEncoding() + ", where only chunked is understood");
        }
        if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension) {
            bad("sent a malformed chunk after " + std::to_string(reply.response.body.size()) + " bytes of the body");
        }
        if (reply.response.status == 0) {
            badStart(bytes);
        }
        bad("sent a malformed header after its status " + std::to_string(reply.response.status) + " (" +
            error.message() + ")");
    }

    /// Beast waits for the end of a header that does not begin like one.
    void requireHttp(std::string_view bytes) {
        constexpr std::string_view start = "HTTP/1.";
        auto const lineEnd = bytes.find('\n');
        bool const bareLineFeed = lineEnd != std::string_view::npos && (lineEnd == 0 || bytes[lineEnd - 1] != '\r');
        if (bareLineFeed || !bytes.starts_with(start.substr(0, bytes.size()))) {
            badStart(bytes);
        }
    }

    [[noreturn]] void badStart(std::string_view bytes) {
        constexpr char tlsAlert = '\x15';
        if (bytes.starts_with(tlsAlert)) {
            bad("speaks TLS on this port: use https://");
        }
        bad("sent something that is no HTTP reply: " + firstLine(bytes));
    }

    [[noreturn]] void bad(std::string const& what) { watch_.fail<BadReply>(std::string(rules_.speaker) + ' ' + what); }

    [[noreturn]] void tooLarge(std::string const& what) {
        watch_.fail<ReplyTooLarge>(std::string(rules_.speaker) + " sent " + what);
    }

    ByteSource& source_;
    ReplyRules const& rules_;
    Watch& watch_;
    Incoming incoming_;
    std::size_t total_ = 0;
};

} // namespace

Reply readReply(ByteSource& source, ReplyRules const& rules, Watch& watch) {
    return ReplyReader(source, rules, watch).read();
}

} // namespace httptest::wire
