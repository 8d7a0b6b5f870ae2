#include "checked_api.hpp"

#include "api_contract.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>

namespace contract {

namespace {

std::string withoutQuery(std::string const& path) {
    return path.substr(0, path.find('?'));
}

} // namespace

nlohmann::json CheckedApi::send(std::string const& method, std::string const& path, int expected,
                                nlohmann::json const& body) {
    runai::testing::Headers const headers{{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
    auto const reply = client.send(method, path, headers, body.is_null() ? std::string() : body.dump());
    BOOST_TEST_REQUIRE(reply.status == expected,
                       method << " " << path << ": " << reply.status << " is not " << expected << ", " << reply.body);
    check(method, withoutQuery(path), reply);
    if (reply.status < 300) {
        succeeded.insert(routeOf(method, withoutQuery(path)));
    }
    return reply.body.empty() ? nlohmann::json() : reply.json();
}

std::string CheckedApi::routeOf(std::string const& method, std::string const& path) const {
    static std::regex const parameter("\\{[^}]*\\}");
    std::string found;
    for (auto const& route : plane.routes()) {
        std::regex const pattern(std::regex_replace(route, parameter, "[^/]+"));
        if (std::regex_match(method + " " + path, pattern)) {
            found = route;
        }
    }
    return found;
}

void check(std::string const& method, std::string const& path, runai::testing::ClientReply const& reply) {
    auto const complaint = ApiContract::instance().complaint(method, path, reply.status, reply.body);
    BOOST_TEST(complaint.empty(), method << " " << path << " answers " << reply.status << ": " << complaint);
}

} // namespace contract
