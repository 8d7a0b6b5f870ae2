#pragma once

#include <httptest/testing/fault.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

/// What can go wrong with a reply and the connection that brings it.
namespace httptest::testing::faults {

/// Nothing does.
Fault none();

// Time

/// Waits before it answers.
Fault latency(std::chrono::milliseconds pause);
/// Never answers.
Fault silence();
/// Sends byte by byte with a pause before each.
Fault drip(std::chrono::milliseconds pause);
Fault bandwidth(std::size_t bytesPerSecond);

// The connection

/// Closes a new connection before it reads anything.
Fault fin();
/// Reads the request and closes.
Fault emptyReply();
/// The same, by RST.
Fault reset();
/// Closes after so many bytes of the reply.
Fault cutAfter(std::size_t bytes);
/// The same, by RST.
Fault resetAfter(std::size_t bytes);
/// Answers well and closes the connection, which had been promised to stay open, while it is idle.
Fault closeWhenIdle();
/// The same, by RST.
Fault resetWhenIdle();
/// Ends by FIN without close_notify after the reply.
Fault noCloseNotify();

// The message

/// Bytes that are no HTTP.
Fault garbage();
/// Says that the body were `difference` bytes longer than it is, or shorter, and closes.
Fault wrongLength(int difference);
/// Says nothing of the body's length: the connection's end is the body's.
Fault noLength();
/// In chunks, as it should be.
Fault chunked();
Fault badChunk();
Fault missingLastChunk();
/// Content-Length twice, the same.
Fault duplicateLengths();
/// Content-Length twice, different.
Fault conflictingLengths();
/// Content-Length beside chunks.
Fault lengthAndChunks();
/// Sends more than the reply: what looks like the next one.
Fault surplusBytes();
Fault hugeHeader(std::size_t bytes);
Fault manyHeaders(std::size_t fields);
Fault endlessHeaders();
Fault endlessBody();
Fault endlessChunks();

// Interim replies

/// 103, then the reply.
Fault earlyHints();
/// 101, which nobody asked for.
Fault switchingProtocols();
Fault endlessInterimReplies();

// gzip

/// Encodes the body.
Fault gzip();
/// A body of zeros, small on the wire and `decodedBytes` long.
Fault gzipBomb(std::size_t decodedBytes);
Fault truncatedGzip();
Fault corruptGzip();

// Statuses

/// A reply with this status and a body of text.
Fault status(int status, std::string body = {});
/// The same with JSON.
Fault json(int status, std::string body);
/// The same with a page.
Fault htmlPage(int status, std::string_view title = "Error");
Fault redirect(int status, std::string location);
/// 429 with `Retry-After` in seconds.
Fault tooManyRequests(std::chrono::seconds retryAfter);
/// 429 with `Retry-After` as a date, so long after the reply.
Fault tooManyRequestsUntilDate(std::chrono::seconds retryAfter);
/// 503 with `Retry-After` in seconds.
Fault unavailable(std::chrono::seconds retryAfter);
/// Answers, with whatever status, as soon as the request's header is there, and reads no body.
Fault beforeTheBody();

} // namespace httptest::testing::faults
