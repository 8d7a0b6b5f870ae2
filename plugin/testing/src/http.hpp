#pragma once

#include "account.hpp"

#include <runai/testing/login_traffic.hpp>

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <string_view>

namespace runai::testing {

struct Request {
    std::string method;
    std::string path;  ///< Decoded, without the query.
    Fields query = {}; ///< Decoded.
    Fields headers = {};
    std::string body = {};
    std::map<std::string, std::string> parameters = {}; ///< What the route's `{name}` segments matched.
    Account account = {};                               ///< Who sends it; known once the guard has let it pass.
};

/// The first value of a header, or an empty string. Names compare without case.
std::string header(Request const& request, std::string_view name);

/// What the route's `{id}` matched.
std::string const& idOf(Request const& request);

/// The media type of Content-Type in lower case, without its parameters.
std::string mediaType(Request const& request);

Reply jsonReply(int status, nlohmann::json const& body);

/// The API's own form of an error: `{"code", "message", "details"}`, without details where there are none.
Reply apiError(int status, std::string const& message, std::string const& details = {});

/// 404 for a resource: `notFound("Project")`.
Reply notFound(std::string const& what);

/// What the asynchronous operations answer: `{"code": 202, "message"}`.
Reply accepted();

} // namespace runai::testing
