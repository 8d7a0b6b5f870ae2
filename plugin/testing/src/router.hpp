#pragma once

#include "http.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

enum class Access {
    open,
    bearer, ///< Anybody who is logged in.
    admin,
};

struct Route {
    std::string method;
    std::string pattern; ///< A segment `{name}` matches any one segment.
    Access access = Access::bearer;
    std::function<Reply(Request const&)> handler;
};

/// Finds the handler of a request. Filled before it is used from several threads.
class Router {
public:
    /// Returns the refusal, or nothing for a request that may go on.
    using Guard = std::function<std::optional<Reply>(Request const&, Access)>;

    explicit Router(Guard guard) : guard_(std::move(guard)) {}

    void add(std::vector<Route> routes);

    /// Below /api/ the guard comes before everything else, also before 404 and 405; open routes are exempt.
    Reply answer(Request request) const;

private:
    Guard guard_;
    std::vector<Route> routes_;
};

} // namespace runai::testing
