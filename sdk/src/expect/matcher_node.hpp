#pragma once

#include "expect/json_document.hpp"

#include <httptest/matcher.hpp>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// Where a value stands, for the failure text.
struct Place {
    std::string pointer; ///< Or another subject: "header Content-Type".
    std::string member;  ///< Its name as a member; empty for others.

    Place of(std::string_view name) const;
    Place at(std::size_t index) const;
};

/// What differs, place by place; all are counted, the first few are kept.
class Mismatches {
public:
    struct Entry {
        std::string pointer;
        std::string expected; ///< "to equal 3"
        std::string found;
    };

    /// What is expected of a member that holds a secret, and what is there, is not kept.
    void add(Place const& place, std::string const& expected, JsonView found);
    void add(Place const& place, std::string const& expected, std::string found);

    std::size_t count() const noexcept { return count_; }
    std::vector<Entry> const& entries() const noexcept { return entries_; }

private:
    std::vector<Entry> entries_;
    std::size_t count_ = 0;
};

/// One way to match; the library's side of a Matcher. Immutable.
class MatcherNode {
public:
    virtual ~MatcherNode();

    virtual bool matches(JsonView value) const = 0;

    /// Whether `not_` of this one matches where there is nothing.
    virtual bool deniedByNothing() const { return false; }

    /// Continues "expected it to": "equal 3".
    virtual std::string describe() const = 0;

    /// Says what differs.
    /// @pre It does not match.
    virtual void explain(JsonView value, Place const& place, Mismatches& mismatches) const;
};

using MatcherNodes = std::vector<std::shared_ptr<MatcherNode const>>;

MatcherNodes nodesOf(std::initializer_list<Matcher> matchers);

bool isArrayOf(JsonView value, std::size_t elements);

/// Deep equality, exact for numbers.
bool sameJson(JsonView a, JsonView b);

/// JSON that is a text already, for an ExpectedValue.
struct JsonText {
    std::string text;
    std::string dump() const { return text; }
};

/// What a test expects, parsed.
/// @throws InvalidExpectation  No JSON: a text that is no UTF-8, say.
JsonDocument documentOf(ExpectedValue const& value);

/// A description after its "to": "to equal 3", "not to equal 3".
std::string infinitive(std::string const& description);

/// One matcher an element.
/// @throws InvalidExpectation  No array.
MatcherNodes elementsEqualTo(ExpectedValue const& array, char const* function);

/// What the matchers expect, shortly: `1, "a", (be a string)`.
std::string listed(MatcherNodes const& nodes);

} // namespace httptest::v1
