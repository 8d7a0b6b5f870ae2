#pragma once

#include "run.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace soak {

/// What is wrong with a run, in sentences; at most ten of a kind.
using Complaints = std::vector<std::string>;

std::uint64_t sumOf(std::map<std::string, std::uint64_t> const& counts);

/// Every call that was sent ended, as the reply to itself or as an error of the SDK's.
Complaints lostCalls(Tally const& client);

/// Whole replies arrived as often as the server sent them; those of 401 were replayed, but where the login for it was
/// spoiled: then the 401 is the answer.
Complaints lostReplies(Run const& run);

/// Errors are those of a lost connection, and not more than the connections that were spoiled; and those of spoiled
/// logins, each of which may be told to as many calls as there are threads, since all that wait share it.
Complaints unexplainedErrors(Run const& run);

/// The server carried out every POST that was answered once, the others at most once; none was sent twice but after a 401.
Complaints repeatedPosts(std::vector<PostSent> const& sent, std::unordered_map<std::uint64_t, PostSeen> const& seen);

/// The most logins that are needed.
///
/// A token serves from its login until its refresh window opens: the lifetime without the margin (a tenth, a second at
/// least, as a JWT's end is in whole seconds) and without the window (a fifth). So an identity needs one login at the
/// start and one more each time that this is over, and one for each token that is taken from it before. A login that
/// a fault spoils is none, and is counted as a request.
std::uint64_t idealLogins(Settings const& settings, double seconds, std::uint64_t revocations);

} // namespace soak
