#include "service_accounts.hpp"

#include "../random_text.hpp"
#include "../request_body.hpp"

namespace runai::testing {

std::vector<Route> ServiceAccounts::routes() {
    std::string const collection = "/api/v1/service-accounts";
    std::string const item = collection + "/{id}";
    return {
        {"GET", collection, Access::loggedIn(), [this](auto const&) { return list(); }},
        {"POST", collection, Access::to("create", "service-account"),
         [this](auto const& request) { return create(request); }},
        {"GET", item, Access::loggedIn(), [this](auto const& request) { return get(request); }},
        {"DELETE", item, Access::to("delete", "service-account"),
         [this](auto const& request) { return remove(request); }},
        {"POST", item + "/secret", Access::to("update", "service-account"),
         [this](auto const& request) { return newSecret(request); }},
    };
}

Reply ServiceAccounts::list() const {
    return jsonReply(200, accounts_.all());
}

Reply ServiceAccounts::create(Request const& request) {
    auto const name = RequestBody(request).accountName("name");
    auto const id = randomUuid();
    auto const clientId = name + "-" + randomUuid();
    auto const secret = randomSecret();
    auto const now = formatTime(clock_.now());
    nlohmann::json const account{
        {"id", id},
        {"name", name},
        {"clientId", clientId},
        {"enabled", true},
        {"createdBy", request.account.id},
        {"createdAt", now},
        {"updatedAt", now},
        {"lastLogin", nullptr},
    };
    if (!accounts_.add(account, isNamed(name))) {
        return apiError(409, "Resource with this name already exists");
    }
    clients_.add(clientId, secret, Role::viewer);
    return jsonReply(201, {{"id", id}, {"name", name}, {"clientId", clientId}, {"clientSecret", secret}});
}

Reply ServiceAccounts::get(Request const& request) const {
    auto const account = accounts_.find(idOf(request));
    return account ? jsonReply(200, *account) : notFound("Service account");
}

Reply ServiceAccounts::remove(Request const& request) {
    auto const account = accounts_.remove(idOf(request));
    if (!account) {
        return notFound("Service account");
    }
    clients_.remove(account->at("clientId"));
    return {.status = 204};
}

Reply ServiceAccounts::newSecret(Request const& request) {
    auto const secret = randomSecret();
    // Inside the change: a deletion at the same time must not leave a client behind.
    auto const account = accounts_.change(idOf(request), [&](auto& item) {
        item["updatedAt"] = formatTime(clock_.now());
        clients_.add(item.at("clientId"), secret, Role::viewer);
    });
    return account ? jsonReply(200, {{"clientSecret", secret}}) : notFound("Service account");
}

} // namespace runai::testing
