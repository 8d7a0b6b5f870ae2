#include "token_api.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTMLForm.h>

#include <nlohmann/json.hpp>

#include <sstream>
#include <stdexcept>

namespace runai::testing {

namespace {

/// RFC 6749 sections 5.1 and 5.2.
Reply oauthReply(int status, nlohmann::json const& body) {
    auto reply = jsonReply(status, body);
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

Reply refuse(Tally& tally, int status, char const* error, std::string const& description) {
    tally.count(&Counters::loginsRefused);
    return oauthReply(status, {{"error", error}, {"error_description", description}});
}

Reply refuse(Tally& tally, GrantRefusal const& refusal) {
    switch (refusal.reason) {
    case GrantRefusal::Reason::unsupportedGrant: return refuse(tally, 400, "unsupported_grant_type", refusal.message);
    case GrantRefusal::Reason::wrongClient: return refuse(tally, 401, "invalid_client", refusal.message);
    case GrantRefusal::Reason::wrongGrant: return refuse(tally, 400, "invalid_grant", refusal.message);
    case GrantRefusal::Reason::missingParameter: break;
    }
    return refuse(tally, 400, "invalid_request", refusal.message);
}

/// Throws std::invalid_argument. A parameter must not come twice (RFC 6749 section 3.2).
LoginParameters readParameters(std::string const& body) {
    Poco::Net::HTMLForm form;
    std::istringstream stream(body);
    try {
        form.read(stream);
    } catch (Poco::Exception const&) {
        throw std::invalid_argument("The form is malformed.");
    }
    LoginParameters parameters;
    for (auto const& [name, value] : form) {
        if (!parameters.emplace(name, value).second) {
            throw std::invalid_argument("A parameter comes more than once.");
        }
    }
    return parameters;
}

Reply v2AccessToken(Granted const& granted, ExpiresIn expiresIn) {
    nlohmann::json body{{"access_token", granted.token.value}, {"token_type", "Bearer"}};
    if (expiresIn != ExpiresIn::never && granted.token.lifetime) {
        body["expires_in"] = granted.token.lifetime->count();
    }
    if (!granted.refreshToken.empty()) {
        body["refresh_token"] = granted.refreshToken;
    }
    return oauthReply(200, body);
}

Reply v2LogIn(TokenApiParts const& parts, Request const& request) {
    if (parts.version != Version::v3_0) {
        return apiError(404, "The requested path was not found.");
    }
    if (mediaType(request) != "application/x-www-form-urlencoded") {
        return refuse(parts.tally, 400, "invalid_request", "Content-Type must be application/x-www-form-urlencoded.");
    }
    LoginParameters parameters;
    try {
        parameters = readParameters(request.body);
    } catch (std::invalid_argument const& error) {
        return refuse(parts.tally, 400, "invalid_request", error.what());
    }
    auto const result = parts.grants.grant(TokenApi::v2, parameters);
    if (auto const* refusal = std::get_if<GrantRefusal>(&result)) {
        return refuse(parts.tally, *refusal);
    }
    parts.tally.count(&Counters::loginsV2);
    return v2AccessToken(std::get<Granted>(result), parts.expiresIn);
}

} // namespace

std::vector<Route> tokenApiV2(TokenApiParts const& parts) {
    auto const serve = [parts](Request const& request) {
        return parts.desk.serve(TokenApi::v2, request, [&](Request const& held) { return v2LogIn(parts, held); });
    };
    return {{"POST", "/api/v2/token", Access::open, serve}};
}

} // namespace runai::testing
