#pragma once

#include "expect/json_pointer.hpp"

#include <httptest/exchange.hpp>
#include <httptest/matcher.hpp>
#include <httptest/verdict.hpp>

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// "status 200 or 204"
std::string statusesText(std::vector<int> const& statuses);

Verdict judgeHeader(Exchange const& exchange, std::string_view name, Matcher const& matcher);
Verdict judgeBody(Exchange const& exchange, Matcher const& matcher);
Verdict judgeJson(Exchange const& exchange, JsonPointer const& pointer, Matcher const& matcher);
Verdict judgeTime(Exchange const& exchange, std::chrono::nanoseconds limit);

/// Whether `judgeJson` would say so; makes no text, since most expectations pass.
bool jsonMatches(Exchange const& exchange, JsonPointer const& pointer, Matcher const& matcher);

/// "expected /phase to equal 3, got 4", in lines of their own where that is long.
std::string sentence(Verdict const& verdict);

} // namespace httptest::v1
