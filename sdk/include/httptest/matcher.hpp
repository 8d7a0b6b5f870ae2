#pragma once

#include <httptest/abi.hpp>
#include <httptest/expected_value.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <utility>

namespace httptest::inline v1 {

class MatcherNode;

/// What a JSON value, a header or a body is held against; made by the functions of matchers.hpp. A plain value means
/// `equals(value)`. Immutable and cheap to copy.
class HTTPTEST_API Matcher {
public:
    explicit Matcher(std::shared_ptr<MatcherNode const> node);

    template <class Value>
    requires(!std::same_as<Value, Matcher> && std::constructible_from<ExpectedValue, Value const&>)
        Matcher(Value const& value)
        : Matcher(equalTo(ExpectedValue(value))) {}

    /// Continues "expected it to": "equal 3".
    std::string describe() const;

    std::shared_ptr<MatcherNode const> const& node() const noexcept { return node_; }

private:
    static Matcher equalTo(ExpectedValue const& value);

    std::shared_ptr<MatcherNode const> node_;
};

} // namespace httptest::v1
