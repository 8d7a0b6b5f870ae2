#pragma once

#include <httptest/location.hpp>

#include <string>

namespace httptest::inline v1 {

/// Throws InvalidRequest for what a test asked for at `where`.
[[noreturn]] void refuse(std::string const& what, Location where);

} // namespace httptest::v1
