#pragma once

#include <httptest/abi.hpp>
#include <httptest/expected_value.hpp>
#include <httptest/location.hpp>

#include <nlohmann/json_fwd.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace httptest::inline v1 {

class Exchange;

/// A value of a reply on its way into a variable of the test's; see Exchange::capture. Used up at once.
class HTTPTEST_API Captured {
public:
    Captured(Exchange const& exchange, std::string_view pointer, Location where)
        : exchange_(exchange),
          pointer_(pointer),
          where_(where) {}

    template <class T>
    T as() const {
        using Limits = std::numeric_limits<T>;
        static_assert(!std::same_as<T, float>, "a float rounds what the reply says: capture<double>");
        if constexpr (std::same_as<T, std::string>) {
            return string();
        } else if constexpr (std::same_as<T, bool>) {
            return boolean();
        } else if constexpr (JsonInteger<T> && std::is_signed_v<T>) {
            return static_cast<T>(signedInteger((Limits::min)(), (Limits::max)()));
        } else if constexpr (JsonInteger<T>) {
            return static_cast<T>(unsignedInteger((Limits::max)()));
        } else if constexpr (std::same_as<T, double>) {
            return floating();
        } else {
            return converted<T>();
        }
    }

private:
    template <class T, class Json = nlohmann::json>
    T converted() const {
        try {
            return Json::parse(json()).template get<T>();
        } catch (typename Json::exception const& error) {
            endCase(error.what());
        }
    }

    std::string string() const;
    bool boolean() const;
    std::int64_t signedInteger(std::int64_t least, std::int64_t most) const;
    std::uint64_t unsignedInteger(std::uint64_t most) const;
    double floating() const;
    std::string json() const;
    [[noreturn]] void endCase(std::string const& why) const;

    Exchange const& exchange_;
    std::string_view pointer_;
    Location where_;
};

} // namespace httptest::v1
