#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <unordered_map>

namespace soak {

/// Carries the number of a request to the server and back, so that both sides can tell what became of it.
inline constexpr char const* numberHeader = "X-Soak-Number";

/// What the server saw of one POST.
struct PostSeen {
    std::uint64_t arrivals = 0;
    std::uint64_t refused = 0;    ///< Answered by 401: not carried out, so that it may be sent again.
    std::uint64_t carriedOut = 0; ///< Answered otherwise by the control plane itself.
};

struct LoginsSeen {
    std::uint64_t requests = 0;
    std::uint64_t granted = 0;
};

/// The server's side of a run. Logins are counted apart from all else.
struct ServerRecord {
    std::map<std::string, std::uint64_t> faults;      ///< By kind.
    std::map<std::string, std::uint64_t> loginFaults; ///< By kind.
    std::map<int, std::uint64_t> replies;             ///< That were sent whole, by status.
    std::uint64_t arrivals = 0;
    std::uint64_t resets = 0;           ///< Connections of the control plane's that failed us: no part of the plan.
    std::uint64_t refusedRevoked = 0;   ///< 401s for tokens that a fault had revoked.
    std::uint64_t refusedOtherwise = 0; ///< 401s that nobody ordered.
    std::map<std::string, LoginsSeen> logins; ///< By client id.
    std::unordered_map<std::uint64_t, PostSeen> posts;
};

/// As lines of text, for a pipe.
void write(ServerRecord const& record, std::ostream& out);
/// @throws std::runtime_error  The text is cut short or malformed.
ServerRecord readServerRecord(std::istream& in);

} // namespace soak
