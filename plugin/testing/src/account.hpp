#pragma once

#include <runai/testing/fake_control_plane_options.hpp>

#include <string>

namespace runai::testing {

/// Who a token is for, and what it may do.
struct Account {
    std::string id;
    Role role = Role::admin;
};

} // namespace runai::testing
