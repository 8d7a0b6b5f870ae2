#pragma once

#include "../access.hpp"
#include "../router.hpp"
#include "../server_clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// Some of the predefined roles. Immutable.
class Roles {
public:
    explicit Roles(ServerClock const& clock) : createdAt_(formatTime(clock.now())) {}

    std::vector<Route> routes() const;

    /// Nothing for an unknown role.
    static std::optional<std::string> nameOf(std::int64_t id);
    static bool allows(std::int64_t id, Permission const& permission);

private:
    std::string createdAt_;
};

} // namespace runai::testing
