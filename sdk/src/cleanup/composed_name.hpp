#pragma once

#include <httptest/clock.hpp>

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
std::string composedName(NameParts const& parts);

} // namespace httptest::cleanup
