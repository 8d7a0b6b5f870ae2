#pragma once

#include <httptest/abi.hpp>
#include <httptest/exchange.hpp>

#include <functional>
#include <initializer_list>
#include <string>

namespace httptest::inline v1 {

/// What a condition found in a reply.
struct Verdict {
    bool met = false;
    std::string expected; ///< "status 200 or 204"
    std::string found;    ///< "status 503"
};

/// Something that a reply may fulfil: what `eventually` waits for, and what expectations are made of. Any function of
/// this shape is one.
using Condition = std::function<Verdict(Exchange const&)>;

HTTPTEST_API Condition status(int expected);
HTTPTEST_API Condition status(std::initializer_list<int> expected);

} // namespace httptest::v1
