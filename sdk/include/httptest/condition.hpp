#pragma once

#include <httptest/abi.hpp>
#include <httptest/exchange.hpp>
#include <httptest/location.hpp>
#include <httptest/matchers.hpp>
#include <httptest/verdict.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

HTTPTEST_API Condition status(int expected);
HTTPTEST_API Condition status(std::initializer_list<int> expected);

/// A header's value as a string, that of several of the same name joined by ", ".
HTTPTEST_API Condition header(std::string name, Matcher matcher);

HTTPTEST_API Condition body(Matcher matcher);

/// What a JSON Pointer (RFC 6901) leads to in the body: json("/status/phase", "Ready"); "" for the whole of it.
/// @throws InvalidExpectation  The pointer is malformed.
HTTPTEST_API Condition json(std::string_view pointer, Matcher matcher, Location where = Location::current());

/// The opposite; also of what had nothing to look at: json("/phase", not_("Failed")) wants a phase, not_(json(…)) does
/// not.
HTTPTEST_API Condition not_(Condition condition);

} // namespace httptest::v1
