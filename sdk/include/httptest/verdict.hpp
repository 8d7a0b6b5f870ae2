#pragma once

#include <functional>
#include <string>

namespace httptest::inline v1 {

class Exchange;

/// What a condition found in a reply.
struct Verdict {
    bool met = false;
    std::string expected; ///< "status 200 or 204"
    std::string found;    ///< "status 503"
};

/// Something that a reply may fulfil: what `eventually` waits for, and what expectations are made of. Any function of
/// this shape is one.
using Condition = std::function<Verdict(Exchange const&)>;

} // namespace httptest::v1
