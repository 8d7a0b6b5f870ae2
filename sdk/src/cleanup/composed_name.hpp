#pragma once

#include <httptest/clock.hpp>
#include <httptest/unique_name.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::cleanup {

/// What a unique name is made of; see uniqueName.
struct NameParts {
    std::string_view prefix;
    std::string_view job;
    std::string_view build;
    WallTime time;
    std::string_view tail;
};

/// @throws InvalidRequest
std::string composedName(NameParts const& parts, std::size_t longest = longestName);

} // namespace httptest::cleanup
