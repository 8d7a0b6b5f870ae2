#define BOOST_TEST_MODULE rbac_matrix
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>

#include <map>
#include <ostream>
#include <string>
#include <vector>

// Beside the default identity, an administrator, it needs one that may only read:
// RUNAI_RESEARCHER_CLIENT_ID and RUNAI_RESEARCHER_CLIENT_SECRET, or the keys identity.researcher.….

namespace data = boost::unit_test::data;
using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// A request that changes nothing, whoever sends it: its body is empty, or its object is not there. Whether it is
/// forbidden is decided before that is found out.
struct Operation {
    std::string method;
    std::string path;
    std::map<std::string, int> expected;
};
std::ostream& operator<<(std::ostream& stream, Operation const& operation) {
    return stream << operation.method << ' ' << operation.path;
}

std::vector<Operation> const operations{
    {"GET", "/api/v1/clusters", {{"default", 200}, {"researcher", 200}}},
    {"GET", "/api/v1/org-unit/projects", {{"default", 200}, {"researcher", 200}}},
    {"POST", "/api/v1/org-unit/projects", {{"default", 400}, {"researcher", 403}}},
    {"DELETE", "/api/v1/org-unit/projects/0", {{"default", 404}, {"researcher", 403}}},
    {"POST", "/api/v1/org-unit/departments", {{"default", 400}, {"researcher", 403}}},
    {"POST", "/api/v1/workloads/workspaces", {{"default", 400}, {"researcher", 403}}},
    {"POST", "/api/v1/authorization/access-rules", {{"default", 400}, {"researcher", 403}}},
};
std::vector<std::string> const identities{"default", "researcher"};

BOOST_TEST_DECORATOR(*httptest::skipUnless(httptest::needs::identity("researcher")))
BOOST_DATA_TEST_CASE_F(httptest::CaseFixture, an_operation_is_answered_as_the_identity_may,
                       data::make(operations) * data::make(identities), operation, identity) {
    session.request(operation.method, operation.path)
        .body("{}", "application/json")
        .identity(identity)
        .send()
        .expectStatus(operation.expected.at(identity));
}
