#include "expect/json_text.hpp"
#include "expect/matcher_node.hpp"

#include <httptest/error.hpp>
#include <httptest/expected_value.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace httptest::inline v1 {

namespace {

template <class Number>
std::string shortest(Number value) {
    if (!std::isfinite(value)) {
        throw InvalidExpectation("a matcher's number is infinite or not a number, which JSON has no words for");
    }
    std::array<char, 64> buffer{};
    return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

} // namespace

ExpectedValue::ExpectedValue(float value) : json_(shortest(value)) {}
ExpectedValue::ExpectedValue(double value) : json_(shortest(value)) {}

std::string ExpectedValue::quotedJson(std::string_view text) {
    return compactJson(JsonDocument::ofText(text).root());
}

JsonDocument documentOf(ExpectedValue const& value) {
    JsonDocument document = JsonDocument::parse(value.json());
    if (!document.problem().empty()) {
        throw InvalidExpectation("a matcher's value " + document.problem() + ": " + std::string(value.json(), 0, 100) +
                                 "; it must be JSON in UTF-8");
    }
    return document;
}

} // namespace httptest::v1
