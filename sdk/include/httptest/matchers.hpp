#pragma once

#include <httptest/abi.hpp>
#include <httptest/expected_value.hpp>
#include <httptest/location.hpp>
#include <httptest/matcher.hpp>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

// Where there is nothing, `absent` matches and no other, `not_` included: a slip in a pointer must not pass.

/// The same JSON value: numbers by what they are worth, to the last digit, objects whatever the order of members.
HTTPTEST_API Matcher equals(ExpectedValue const& value);

/// What of `partial` is an object: its members match, others may exist; an array: as long, element by element.
HTTPTEST_API Matcher like(ExpectedValue const& partial);

HTTPTEST_API Matcher exists();
HTTPTEST_API Matcher absent();

/// Any of them; a single value must be an array: oneOf({"Ready", "Running"}).
HTTPTEST_API Matcher oneOf(std::initializer_list<Matcher> values);
HTTPTEST_API Matcher oneOf(ExpectedValue const& array);

HTTPTEST_API Matcher not_(Matcher const& matcher);
HTTPTEST_API Matcher allOf(std::initializer_list<Matcher> matchers);
HTTPTEST_API Matcher anyOf(std::initializer_list<Matcher> matchers);

/// A string with this text in it, or an array with this element.
HTTPTEST_API Matcher contains(std::string_view text);
inline Matcher contains(char const* text) {
    return contains(std::string_view(text));
}
inline Matcher contains(std::string const& text) {
    return contains(std::string_view(text));
}
/// An array with such an element.
HTTPTEST_API Matcher contains(Matcher const& element);

/// A string in which the pattern (ECMAScript's, as std::regex has it) is found; anchor it with ^ and $. Strings over
/// 4,000 bytes do not match: std::regex recurses for each character.
/// @throws InvalidExpectation  The pattern is malformed.
HTTPTEST_API Matcher matches(std::string_view pattern, Location where = Location::current());

/// Elements of an array, members of an object, characters of a string: sizeIs(3), sizeIs(atLeast(1)).
HTTPTEST_API Matcher sizeIs(Matcher const& size);

/// An array whose elements all match; an empty one has none that does not.
HTTPTEST_API Matcher each(Matcher const& element);

/// An array with exactly these elements in any order: unordered({"a", "b"}), or a single value that is an array.
HTTPTEST_API Matcher unordered(std::initializer_list<Matcher> elements);
HTTPTEST_API Matcher unordered(ExpectedValue const& array);

/// An array with exactly these elements: hasElements({1, isString()}).
HTTPTEST_API Matcher hasElements(std::initializer_list<Matcher> elements);

struct MemberMatcher {
    std::string name;
    Matcher matcher;
};

/// An object with these members, others may exist: hasMembers({{"phase", "Ready"}, {"id", isString()}}).
HTTPTEST_API Matcher hasMembers(std::initializer_list<MemberMatcher> members);

/// Numbers by what they are worth, strings byte by byte, as dates of ISO 8601 want it.
HTTPTEST_API Matcher greaterThan(ExpectedValue const& limit);
HTTPTEST_API Matcher atLeast(ExpectedValue const& limit);
HTTPTEST_API Matcher lessThan(ExpectedValue const& limit);
HTTPTEST_API Matcher atMost(ExpectedValue const& limit);

HTTPTEST_API Matcher isString();
HTTPTEST_API Matcher isNumber();
/// A number without a fraction; 3.0 is one.
HTTPTEST_API Matcher isInteger();
HTTPTEST_API Matcher isBoolean();
HTTPTEST_API Matcher isNull();
HTTPTEST_API Matcher isArray();
HTTPTEST_API Matcher isObject();

} // namespace httptest::v1
