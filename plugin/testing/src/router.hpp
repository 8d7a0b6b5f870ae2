#pragma once

#include "access.hpp"
#include "http.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

struct Route {
    std::string method;
    std::string pattern; ///< A segment `{name}` matches any one segment.
    Access access;
    std::function<Reply(Request const&)> handler; ///< A BadRequest that it throws becomes a 400.
    /// Where the request would act; without it in the whole cluster.
    std::function<Place(Request const&)> place = {};
};

/// Finds the handler of a request. Filled before it is used from several threads.
class Router {
public:
    /// Returns the refusal, or fills in the request's account and returns nothing. The route is null where none fits.
    using Guard = std::function<std::optional<Reply>(Request&, Route const*)>;

    explicit Router(Guard guard) : guard_(std::move(guard)) {}

    void add(std::vector<Route> routes);

    /// Below /api/ the guard comes before everything else, also before 404 and 405; open routes are exempt.
    Reply answer(Request request) const;

    /// All routes, for a check that none was forgotten.
    std::vector<Route> const& routes() const noexcept { return routes_; }

private:
    Reply dispatch(Request request) const;

    Guard guard_;
    std::vector<Route> routes_;
};

} // namespace runai::testing
