#include "access_keys.hpp"

#include "../random_text.hpp"
#include "../request_body.hpp"

namespace runai::testing {

namespace {

bool isOwn(nlohmann::json const& key, Request const& request) {
    return key.at("createdBy") == request.account.id;
}

} // namespace

std::vector<Route> AccessKeys::routes() {
    std::string const collection = "/api/v1/access-keys";
    std::string const item = collection + "/{id}";
    return {
        {"GET", collection, Access::loggedIn(), [this](auto const& request) { return list(request); }},
        {"POST", collection, Access::loggedIn(), [this](auto const& request) { return create(request); }},
        {"GET", item, Access::loggedIn(), [this](auto const& request) { return get(request); }},
        {"DELETE", item, Access::loggedIn(), [this](auto const& request) { return remove(request); }},
        {"POST", item + "/secret", Access::loggedIn(), [this](auto const& request) { return newSecret(request); }},
    };
}

Reply AccessKeys::list(Request const& request) const {
    auto own = nlohmann::json::array();
    for (auto const& key : keys_.all()) {
        if (isOwn(key, request)) {
            own.push_back(key);
        }
    }
    return jsonReply(200, {{"accessKeys", std::move(own)}});
}

Reply AccessKeys::create(Request const& request) {
    auto const name = RequestBody(request).accountName("name");
    nlohmann::json const key{
        {"id", randomUuid()},
        {"name", name},
        {"clientId", name + "-" + randomUuid()},
        {"createdBy", request.account.id},
        {"createdAt", formatTime(clock_.now())},
        {"lastLogin", nullptr},
    };
    auto const clashes = [&](nlohmann::json const& other) { return other.at("name") == name && isOwn(other, request); };
    if (!keys_.add(key, clashes)) {
        return apiError(409, "Resource with this name already exists");
    }
    auto const secret = randomSecret();
    clients_.add(key.at("clientId"), secret, request.account);
    auto reply = key;
    reply["clientSecret"] = secret;
    return jsonReply(201, reply);
}

Reply AccessKeys::get(Request const& request) const {
    auto const key = findOwn(request);
    return key ? jsonReply(200, *key) : notFound("Access key");
}

Reply AccessKeys::remove(Request const& request) {
    auto const key = findOwn(request);
    if (!key || !keys_.remove(idOf(request))) {
        return notFound("Access key");
    }
    clients_.remove(key->at("clientId"));
    return {.status = 204};
}

Reply AccessKeys::newSecret(Request const& request) {
    if (!findOwn(request)) {
        return notFound("Access key");
    }
    auto const secret = randomSecret();
    // Inside the change: a deletion at the same time must not leave a client behind.
    auto const key =
        keys_.change(idOf(request), [&](auto& item) { clients_.add(item.at("clientId"), secret, request.account); });
    return key ? jsonReply(200, {{"clientSecret", secret}}) : notFound("Access key");
}

std::optional<nlohmann::json> AccessKeys::findOwn(Request const& request) const {
    auto key = keys_.find(idOf(request));
    return key && isOwn(*key, request) ? key : std::nullopt;
}

} // namespace runai::testing
