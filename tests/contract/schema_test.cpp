#include "api_contract.hpp"

#include "unit/plugin/fake_api.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace contract {

namespace {

/// A reply that keeps the contract, for cases that break it.
struct ValidReply : runai::testing::FakeApi {
    nlohmann::json project = post(projects, FakeApi::project("alpha")).json();

    static std::string complaint(nlohmann::json const& body, int status = 201) {
        return ApiContract::instance().complaint("POST", projects, status, body.dump());
    }
    static bool complains(nlohmann::json const& body, std::string const& about) {
        return complaint(body).find(about) != std::string::npos;
    }
};

BOOST_FIXTURE_TEST_SUITE(schema, ValidReply)

BOOST_AUTO_TEST_CASE(a_valid_reply_is_no_complaint) {
    BOOST_TEST(complaint(project) == "");
}

BOOST_AUTO_TEST_CASE(a_missing_required_field_is_named) {
    for (auto const* field : {"id", "name", "parentId", "status", "totalResources", "resources"}) {
        auto broken = project;
        broken.erase(field);
        BOOST_TEST(complains(broken, std::string("'") + field + "'"), complaint(broken));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_type_is_found_where_it_is) {
    auto broken = project;
    broken["resources"] = {{{"gpu", {{"deserved", "two"}}}}};
    BOOST_TEST(complains(broken, "[resources][0][gpu][deserved]"), complaint(broken));
}

BOOST_AUTO_TEST_CASE(an_id_that_is_no_uuid_is_found) {
    auto broken = project;
    broken["clusterId"] = "demo";
    BOOST_TEST(complains(broken, "[clusterId]"), complaint(broken));
}

BOOST_AUTO_TEST_CASE(null_is_right_where_the_document_says_nullable_and_nowhere_else) {
    auto nullable = project;
    nullable["status"]["phaseMessage"] = nullptr;
    BOOST_TEST(complaint(nullable) == "");
    auto broken = project;
    broken["name"] = nullptr;
    BOOST_TEST(complains(broken, "[name]"), complaint(broken));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_in_the_document_is_found) {
    BOOST_TEST(complaint(project, 418) == "the document declares no 418 here");
    auto const& contract = ApiContract::instance();
    BOOST_TEST(contract.complaint("GET", "/api/v1/nothing", 200, "{}") == "the document has no such operation");
    BOOST_TEST(contract.complaint("POST", projects, 201, "<html>") == "the body is no JSON");
    auto const item = std::string(projects) + "/1";
    BOOST_TEST(contract.complaint("DELETE", item, 204, "") == "");
    BOOST_TEST(contract.complaint("DELETE", item, 204, "{}") == "the document declares no body here");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace contract
