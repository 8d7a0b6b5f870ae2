#include "http.hpp"

#include <Poco/String.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace runai::testing {

std::string header(Request const& request, std::string_view name) {
    auto const field = std::find_if(request.headers.begin(), request.headers.end(), [&](auto const& candidate) {
        return Poco::icompare(candidate.first, std::string(name)) == 0;
    });
    return field == request.headers.end() ? std::string() : field->second;
}

std::string const& idOf(Request const& request) {
    return request.parameters.at("id");
}

std::string mediaType(Request const& request) {
    auto const value = header(request, "Content-Type");
    return Poco::toLower(Poco::trim(value.substr(0, value.find(';'))));
}

Reply jsonReply(int status, nlohmann::json const& body) {
    // A client's text may come back in a message, and it need not be UTF-8.
    auto text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(text)};
}

Reply apiError(int status, std::string const& message, std::string const& details) {
    nlohmann::json body{{"code", status}, {"message", message}};
    if (!details.empty()) {
        body["details"] = details;
    }
    return jsonReply(status, body);
}

Reply notFound(std::string const& what) {
    return apiError(404, what + " not found.");
}

Reply accepted() {
    return jsonReply(202, {{"code", 202}, {"message", "The request was accepted."}});
}

} // namespace runai::testing
