#pragma once

#include <httptest/abi.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace httptest::inline v1 {

/// What an nlohmann::basic_json is to us. Nothing here includes it, since it costs two seconds a file.
template <class T>
concept DumpsJson = requires(T const& value) {
    { value.dump() } -> std::convertible_to<std::string>;
};

template <class T>
concept JsonInteger =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// A JSON value that a test expects, as JSON text: made from a text, a number, a bool, nullptr or an nlohmann::json.
///
/// Numbers keep what they are: integers all their digits, floating ones the shortest that means the same.
class HTTPTEST_API ExpectedValue {
public:
    ExpectedValue(std::nullptr_t) : json_("null") {}

    template <std::same_as<bool> Bool> // no pointer is a bool
    ExpectedValue(Bool value) : json_(value ? "true" : "false") {}

    template <JsonInteger Integer>
    ExpectedValue(Integer value) : json_(std::to_string(value)) {}

    /// @throws InvalidExpectation  Not finite.
    ExpectedValue(float value);
    ExpectedValue(double value);

    template <class Text>
    requires std::convertible_to<Text const&, std::string_view> &&(!DumpsJson<Text>)ExpectedValue(Text const& text)
        : json_(quotedJson(text)) {}

    template <DumpsJson Json>
    ExpectedValue(Json const& value) : json_(value.dump()) {}

    std::string const& json() const noexcept { return json_; }

private:
    static std::string quotedJson(std::string_view text);

    std::string json_;
};

} // namespace httptest::v1
