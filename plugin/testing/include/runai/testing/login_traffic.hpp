#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace runai::testing {

enum class TokenApi { v1, v2 };

/// Header fields or parameters in the order of the wire.
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Reply {
    int status = 200;
    Fields headers = {}; ///< Content-Length and Connection are the server's own.
    std::string body = {};
};

/// What a login request gets instead of the normal answer.
using ScriptedReply = Reply;

/// A login request as it arrived. Headers and body hold credentials: not for printing.
struct LoginRequest {
    TokenApi api = TokenApi::v1;
    std::string path;
    Fields headers;
    std::string body;
};

/// All since the start. Login requests that got a scripted reply, and those to a token API that the version does not
/// have, count as login requests only: they were neither granted nor refused.
struct Counters {
    std::uint64_t requests = 0;
    std::uint64_t loginRequestsV1 = 0;
    std::uint64_t loginRequestsV2 = 0;
    std::uint64_t loginsV1 = 0;
    std::uint64_t loginsV2 = 0;
    std::uint64_t loginsRefused = 0;
    std::uint64_t unauthorized = 0; ///< API calls, not logins, that got 401.

    std::uint64_t loginRequests() const noexcept { return loginRequestsV1 + loginRequestsV2; }
    std::uint64_t logins() const noexcept { return loginsV1 + loginsV2; }
};

} // namespace runai::testing
