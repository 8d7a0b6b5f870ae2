#include "token_api.hpp"

#include <Poco/String.h>

#include <nlohmann/json.hpp>

#include <map>
#include <utility>

namespace runai::testing {

namespace {

/// Names of the JSON request in lower case: the server reads them without regard to case.
std::map<std::string, std::string> const parameterNames{
    {"granttype", "grant_type"}, {"clientid", "client_id"},         {"clientsecret", "client_secret"},
    {"appid", "app_id"},         {"appsecret", "app_secret"},       {"username", "username"},
    {"password", "password"},    {"refreshtoken", "refresh_token"}, {"externaltoken", "external_token"},
};

/// Names that the table does not know are ignored, as a JSON decoder does. Throws std::invalid_argument.
LoginParameters readParameters(nlohmann::json const& body) {
    if (!body.is_object()) {
        throw std::invalid_argument("The body must be a JSON object.");
    }
    LoginParameters parameters;
    for (auto const& [name, value] : body.items()) {
        auto const known = parameterNames.find(Poco::toLower(name));
        if (known == parameterNames.end()) {
            continue;
        }
        if (!value.is_string()) {
            throw std::invalid_argument("The value of " + name + " must be a string.");
        }
        parameters[known->second] = value.get<std::string>();
    }
    return parameters;
}

Reply v1AccessToken(Granted const& granted, ExpiresIn expiresIn) {
    nlohmann::json body{{"accessToken", granted.token.value}};
    if (expiresIn == ExpiresIn::always && granted.token.lifetime) {
        body["expiresIn"] = granted.token.lifetime->count();
    }
    if (!granted.refreshToken.empty()) {
        body["refreshToken"] = granted.refreshToken;
    }
    return jsonReply(200, body);
}

Reply refuse(Tally& tally, int status, std::string const& message) {
    tally.count(&Counters::loginsRefused);
    return apiError(status, message);
}

Reply v1LogIn(TokenApiParts const& parts, Request const& request) {
    if (parts.withoutV1) {
        return apiError(404, "The requested path was not found.");
    }
    if (mediaType(request) != "application/json") {
        return refuse(parts.tally, 400, "Content-Type must be application/json.");
    }
    LoginParameters parameters;
    try {
        parameters = readParameters(nlohmann::json::parse(request.body));
    } catch (nlohmann::json::parse_error const&) {
        return refuse(parts.tally, 400, "The body is not valid JSON.");
    } catch (std::invalid_argument const& error) {
        return refuse(parts.tally, 400, error.what());
    }
    auto const result = parts.grants.grant(TokenApi::v1, parameters);
    if (auto const* refusal = std::get_if<GrantRefusal>(&result)) {
        using Reason = GrantRefusal::Reason;
        auto const status = refusal->reason == Reason::wrongClient || refusal->reason == Reason::wrongGrant ? 401 : 400;
        return refuse(parts.tally, status, refusal->message);
    }
    parts.tally.count(&Counters::loginsV1);
    return v1AccessToken(std::get<Granted>(result), parts.expiresIn);
}

} // namespace

std::vector<Route> tokenApiV1(TokenApiParts const& parts) {
    auto const serve = [parts](Request const& request) {
        return parts.desk.serve(TokenApi::v1, request, [&](Request const& held) { return v1LogIn(parts, held); });
    };
    return {{"POST", "/api/v1/token", Access::open, serve}};
}

} // namespace runai::testing
