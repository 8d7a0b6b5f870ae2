#include "gzip.hpp"

#include <httptest/testing/faults.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace httptest::testing::faults {

namespace {

using std::chrono::milliseconds;

/// How often bytes leave where their rate is limited.
constexpr milliseconds beat{20};

std::string inMilliseconds(milliseconds duration) {
    return std::to_string(duration.count()) + " ms";
}

Fault endingWith(std::string name, Afterwards afterwards) {
    return {std::move(name), [afterwards](Delivery& delivery) { delivery.afterwards = afterwards; }};
}

Fault endingAfter(std::string const& verb, std::size_t bytes, Afterwards afterwards) {
    return {verb + " after " + std::to_string(bytes) + " bytes", [bytes, afterwards](Delivery& delivery) {
                delivery.limit = bytes;
                delivery.afterwards = afterwards;
            }};
}

/// Nothing but these bytes.
Fault saying(std::string name, std::string bytes, Afterwards afterwards) {
    return {std::move(name), [bytes = std::move(bytes), afterwards](Delivery& delivery) {
                delivery.bytes = bytes;
                delivery.afterwards = afterwards;
            }};
}

std::string hex(std::size_t number) {
    std::string text;
    do {
        text.insert(text.begin(), "0123456789abcdef"[number % 16]);
        number /= 16;
    } while (number != 0);
    return text;
}

std::string chunk(std::string const& data) {
    return hex(data.size()) + "\r\n" + data + "\r\n";
}

/// In two chunks, as far as the body has two bytes.
std::string chunks(std::string const& body) {
    std::string text;
    std::size_t const half = (body.size() + 1) / 2;
    for (std::size_t at = 0; at < body.size(); at += half) {
        text += chunk(body.substr(at, half));
    }
    return text;
}

void sendInChunks(Delivery& delivery, std::string body) {
    delivery.reply.headers.remove("Content-Length");
    delivery.reply.headers.set("Transfer-Encoding", "chunked");
    delivery.reply.body = std::move(body);
}

void sendGzip(Delivery& delivery, std::string encoded) {
    delivery.reply.headers.remove("Content-Length");
    delivery.reply.headers.set("Content-Encoding", "gzip");
    delivery.reply.body = std::move(encoded);
}

void sendStatus(Delivery& delivery, int status, std::string body, char const* contentType) {
    delivery.reply = {};
    delivery.reply.status = status;
    delivery.reply.headers.set("Content-Type", contentType);
    delivery.reply.body = std::move(body);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", whatever the program's locale.
std::string httpDate(std::chrono::system_clock::time_point time) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 24> rest{};
    std::strftime(rest.data(), rest.size(), "%Y %H:%M:%S GMT", &parts);
    std::array<char, 4> day{};
    std::strftime(day.data(), day.size(), "%d", &parts);
    return std::string(days.at(static_cast<std::size_t>(parts.tm_wday))) + ", " + day.data() + ' ' +
           months.at(static_cast<std::size_t>(parts.tm_mon)) + ' ' + rest.data();
}

} // namespace

Fault none() {
    return {"nothing", [](Delivery&) {}};
}

Fault latency(milliseconds pause) {
    return {"latency of " + inMilliseconds(pause), [pause](Delivery& delivery) { delivery.latency += pause; }};
}

Fault silence() {
    return saying("silence", "", Afterwards::hang);
}

Fault drip(milliseconds pause) {
    return {"a byte every " + inMilliseconds(pause), [pause](Delivery& delivery) {
                delivery.pieceSize = 1;
                delivery.piecePause = pause;
            }};
}

Fault bandwidth(std::size_t bytesPerSecond) {
    return {std::to_string(bytesPerSecond) + " bytes/s", [bytesPerSecond](Delivery& delivery) {
                auto const perBeat = bytesPerSecond * static_cast<std::size_t>(beat.count()) / 1000;
                delivery.pieceSize = std::max<std::size_t>(perBeat, 1);
                delivery.piecePause =
                    perBeat > 0 ? beat : milliseconds(1000 / std::max<std::size_t>(bytesPerSecond, 1));
            }};
}

Fault fin() {
    return {"FIN", [](Delivery& delivery) {
                delivery.reads = Reads::nothing;
                delivery.bytes = "";
                delivery.afterwards = Afterwards::fin;
            }};
}

Fault emptyReply() {
    return saying("empty reply", "", Afterwards::fin);
}

Fault reset() {
    return saying("reset", "", Afterwards::reset);
}

Fault cutAfter(std::size_t bytes) {
    return endingAfter("cut", bytes, Afterwards::fin);
}

Fault resetAfter(std::size_t bytes) {
    return endingAfter("reset", bytes, Afterwards::reset);
}

Fault closeWhenIdle() {
    return endingWith("closed while idle", Afterwards::fin);
}

Fault resetWhenIdle() {
    return endingWith("reset while idle", Afterwards::reset);
}

Fault noCloseNotify() {
    return endingWith("no close_notify", Afterwards::cut);
}

Fault garbage() {
    return saying("garbage", "\x7f\x03 this is no HTTP\r\n\r\n", Afterwards::fin);
}

Fault wrongLength(int difference) {
    auto const amount = std::to_string(difference > 0 ? difference : -difference);
    return {"length " + amount + (difference > 0 ? " too large" : " too small"), [difference](Delivery& delivery) {
                auto const right = static_cast<long long>(delivery.reply.body.size());
                delivery.reply.headers.set("Content-Length", std::to_string(right + difference));
                delivery.afterwards = Afterwards::fin;
            }};
}

Fault noLength() {
    return {"no length", [](Delivery& delivery) {
                delivery.reply.headers.remove("Content-Length");
                delivery.saysItsLength = false;
                delivery.afterwards = Afterwards::fin;
            }};
}

Fault chunked() {
    return {"chunked", [](Delivery& delivery) {
                auto body = chunks(delivery.reply.body) + "0\r\n\r\n";
                sendInChunks(delivery, std::move(body));
            }};
}

Fault badChunk() {
    return {"bad chunk", [](Delivery& delivery) {
                auto body = chunk(delivery.reply.body) + "xyz\r\n";
                sendInChunks(delivery, std::move(body));
                delivery.afterwards = Afterwards::fin;
            }};
}

Fault missingLastChunk() {
    return {"missing last chunk", [](Delivery& delivery) {
                auto body = chunks(delivery.reply.body);
                sendInChunks(delivery, std::move(body));
                delivery.afterwards = Afterwards::fin;
            }};
}

Fault duplicateLengths() {
    return {"duplicate lengths", [](Delivery& delivery) {
                auto const length = std::to_string(delivery.reply.body.size());
                delivery.reply.headers.set("Content-Length", length);
                delivery.reply.headers.add("Content-Length", length);
            }};
}

Fault conflictingLengths() {
    return {"conflicting lengths", [](Delivery& delivery) {
                auto const right = delivery.reply.body.size();
                delivery.reply.headers.set("Content-Length", std::to_string(right));
                delivery.reply.headers.add("Content-Length", std::to_string(right + 1));
            }};
}

Fault lengthAndChunks() {
    return {"length and chunks", [](Delivery& delivery) {
                auto body = chunks(delivery.reply.body) + "0\r\n\r\n";
                sendInChunks(delivery, std::move(body));
                delivery.reply.headers.add("Content-Length", std::to_string(delivery.reply.body.size()));
            }};
}

Fault surplusBytes() {
    return {"surplus bytes",
            [](Delivery& delivery) { delivery.after += "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"; }};
}

Fault hugeHeader(std::size_t bytes) {
    return {"header of " + std::to_string(bytes) + " bytes",
            [bytes](Delivery& delivery) { delivery.reply.headers.set("X-Huge", std::string(bytes, 'h')); }};
}

Fault manyHeaders(std::size_t fields) {
    return {std::to_string(fields) + " header fields", [fields](Delivery& delivery) {
                for (std::size_t i = 0; i < fields; ++i) {
                    delivery.reply.headers.add("X-" + std::to_string(i), "h");
                }
            }};
}

Fault endlessHeaders() {
    return {"endless headers", [](Delivery& delivery) {
                delivery.bytes = "HTTP/1.1 200 OK\r\n";
                delivery.endlessly = "X-Endless: " + std::string(1000, 'h') + "\r\n";
            }};
}

Fault endlessBody() {
    return {"endless body", [](Delivery& delivery) {
                delivery.bytes = "HTTP/1.1 200 OK\r\n\r\n";
                delivery.endlessly = std::string(std::size_t{16} * 1024, 'b');
            }};
}

Fault endlessChunks() {
    return {"endless chunks", [](Delivery& delivery) {
                delivery.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                delivery.endlessly = chunk(std::string(std::size_t{16} * 1024, 'c'));
            }};
}

Fault earlyHints() {
    return {"early hints", [](Delivery& delivery) {
                delivery.before += "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
            }};
}

Fault switchingProtocols() {
    return saying("switching protocols",
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", Afterwards::keep);
}

Fault endlessInterimReplies() {
    return {"endless interim replies", [](Delivery& delivery) {
                delivery.bytes = "";
                delivery.endlessly = "HTTP/1.1 102 Processing\r\n\r\n";
            }};
}

Fault gzip() {
    return {"gzip", [](Delivery& delivery) { sendGzip(delivery, gzipped(delivery.reply.body)); }};
}

Fault gzipBomb(std::size_t decodedBytes) {
    constexpr std::size_t pieceSize = std::size_t{64} * 1024;
    return {"gzip bomb of " + std::to_string(decodedBytes) + " bytes",
            [bomb = gzipped(std::string(pieceSize, '\0'), (decodedBytes + pieceSize - 1) / pieceSize)](
                Delivery& delivery) { sendGzip(delivery, bomb); }};
}

Fault truncatedGzip() {
    return {"truncated gzip", [](Delivery& delivery) {
                auto encoded = gzipped(delivery.reply.body);
                encoded.resize(encoded.size() - 10); // the checksum, the length and a bit
                sendGzip(delivery, std::move(encoded));
            }};
}

Fault corruptGzip() {
    return {"corrupt gzip", [](Delivery& delivery) {
                auto encoded = gzipped(delivery.reply.body);
                constexpr std::size_t checksumBytes = 8; // with the length
                auto& byte = encoded[encoded.size() - checksumBytes];
                byte = static_cast<char>(byte ^ 1);
                sendGzip(delivery, std::move(encoded));
            }};
}

Fault status(int status, std::string body) {
    return {"status " + std::to_string(status),
            [status, body = std::move(body)](Delivery& delivery) { sendStatus(delivery, status, body, "text/plain"); }};
}

Fault json(int status, std::string body) {
    return {"status " + std::to_string(status), [status, body = std::move(body)](Delivery& delivery) {
                sendStatus(delivery, status, body, "application/json");
            }};
}

Fault htmlPage(int status, std::string_view title) {
    std::string page = "<!DOCTYPE html>\n<html><head><title>";
    page.append(title).append("</title></head><body><h1>").append(title).append("</h1></body></html>\n");
    return {"page " + std::to_string(status),
            [status, page = std::move(page)](Delivery& delivery) { sendStatus(delivery, status, page, "text/html"); }};
}

Fault redirect(int status, std::string location) {
    return {"redirect " + std::to_string(status), [status, location = std::move(location)](Delivery& delivery) {
                sendStatus(delivery, status, {}, "text/plain");
                delivery.reply.headers.set("Location", location);
            }};
}

Fault tooManyRequests(std::chrono::seconds retryAfter) {
    return {"429, retry after " + std::to_string(retryAfter.count()) + " s", [retryAfter](Delivery& delivery) {
                sendStatus(delivery, 429, "too many requests", "text/plain");
                delivery.reply.headers.set("Retry-After", std::to_string(retryAfter.count()));
            }};
}

Fault tooManyRequestsUntilDate(std::chrono::seconds retryAfter) {
    return {"429, retry at a date", [retryAfter](Delivery& delivery) {
                auto const now = std::chrono::system_clock::now();
                sendStatus(delivery, 429, "too many requests", "text/plain");
                delivery.reply.headers.set("Date", httpDate(now));
                delivery.reply.headers.set("Retry-After", httpDate(now + retryAfter));
            }};
}

Fault unavailable(std::chrono::seconds retryAfter) {
    return {"503, retry after " + std::to_string(retryAfter.count()) + " s", [retryAfter](Delivery& delivery) {
                sendStatus(delivery, 503, "unavailable", "text/plain");
                delivery.reply.headers.set("Retry-After", std::to_string(retryAfter.count()));
            }};
}

Fault beforeTheBody() {
    return {"before the body", [](Delivery& delivery) {
                delivery.reads = Reads::head;
                delivery.afterwards = Afterwards::fin;
            }};
}

} // namespace httptest::testing::faults
