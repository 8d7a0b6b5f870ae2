#pragma once

#include <httptest/abi.hpp>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// Header fields in the order and spelling in which they were added or received; names compare without case.
class HTTPTEST_API Headers {
public:
    struct Field {
        std::string name;
        std::string value;
    };

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// Replaces every field of this name.
    void set(std::string_view name, std::string value);

    /// Appends, also when the name is there already.
    void add(std::string name, std::string value);

    void remove(std::string_view name);

    /// The first value, or null. Valid until the next change.
    std::string const* find(std::string_view name) const noexcept;

    bool has(std::string_view name) const noexcept { return find(name) != nullptr; }

    void reserve(std::size_t fields) { fields_.reserve(fields); }
    bool empty() const noexcept { return fields_.empty(); }
    std::size_t size() const noexcept { return fields_.size(); }
    auto begin() const noexcept { return fields_.begin(); }
    auto end() const noexcept { return fields_.end(); }

private:
    std::vector<Field> fields_;
};

/// Compares ASCII letters without case, as header names and hosts are compared.
HTTPTEST_API bool equalsIgnoringCase(std::string_view left, std::string_view right) noexcept;

} // namespace httptest::v1
