#include "router.hpp"

#include "bad_request.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace runai::testing {

namespace {

using Parameters = std::map<std::string, std::string>;

std::string_view takeSegment(std::string_view& path) {
    auto const end = std::min(path.find('/'), path.size());
    auto const segment = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    return segment;
}

bool isParameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

std::optional<Parameters> match(std::string_view pattern, std::string_view path) {
    if (std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/')) {
        return std::nullopt;
    }
    Parameters parameters;
    while (!pattern.empty() || !path.empty()) {
        auto const wanted = takeSegment(pattern);
        auto const given = takeSegment(path);
        if (isParameter(wanted) && !given.empty()) {
            parameters.emplace(wanted.substr(1, wanted.size() - 2), given);
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    return parameters;
}

Reply methodNotAllowed(std::string const& allowed) {
    auto reply = apiError(405, "Method not allowed.");
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

} // namespace

void Router::add(std::vector<Route> routes) {
    std::move(routes.begin(), routes.end(), std::back_inserter(routes_));
}

Reply Router::answer(Request request) const {
    try {
        return dispatch(std::move(request));
    } catch (BadRequest const& error) {
        return apiError(400, "The request is invalid.", error.what());
    }
}

Reply Router::dispatch(Request request) const {
    Route const* found = nullptr;
    std::string allowed;
    auto open = !request.path.starts_with("/api/");
    for (auto const& route : routes_) {
        auto parameters = match(route.pattern, request.path);
        if (!parameters) {
            continue;
        }
        open = open || route.access.open;
        allowed += (allowed.empty() ? "" : ", ") + route.method;
        if (route.method == request.method) {
            found = &route;
            request.parameters = std::move(*parameters);
            break;
        }
    }
    if (!open) {
        if (auto refusal = guard_(request, found)) {
            return *std::move(refusal);
        }
    }
    if (found != nullptr) {
        return found->handler(request);
    }
    return allowed.empty() ? apiError(404, "The requested path was not found.") : methodNotAllowed(allowed);
}

} // namespace runai::testing
