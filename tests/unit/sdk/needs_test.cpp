#include "session/version_number.hpp"
#include "session_support.hpp"

#include <httptest/needs.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace session_support;
using httptest::Misconfigured;
using httptest::Need;
using httptest::VersionNumber;
namespace needs = httptest::needs;

class Needing : public HarnessOverScript {
public:
    std::string missing(Need const& need) {
        return need.missing([this]() -> httptest::Harness const& { return harness(); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(needs_of_tests, Needing)

BOOST_AUTO_TEST_CASE(a_base_url_elsewhere_is_a_real_control_plane) {
    BOOST_TEST(missing(needs::realControlPlane()).empty());
    endHarness();
    options.configuration->set("scripted.base_url", "http://127.0.0.1:8080/x");
    BOOST_TEST(missing(needs::realControlPlane()) ==
               "needs a real control plane, and http://127.0.0.1:8080 is this machine");
}

BOOST_AUTO_TEST_CASE(no_base_url_meets_nothing) {
    options.configuration = httptest::Configuration();
    for (Need const& need : {needs::realControlPlane(), needs::identity("default"), needs::version("1")}) {
        BOOST_TEST(holds(missing(need), "no control plane is configured (missing setting: set SCRIPTED_BASE_URL"));
    }
}

BOOST_AUTO_TEST_CASE(a_mistake_is_no_reason_to_skip) {
    options.configuration->set("scripted.base_url", "https://user@host/");
    BOOST_CHECK_THROW(missing(needs::realControlPlane()), Misconfigured);
    options.configuration = httptest::Configuration().set("scripted.base_ur", "https://api.test");
    BOOST_CHECK_THROW(missing(needs::realControlPlane()), Misconfigured);
}

BOOST_AUTO_TEST_CASE(identities_are_needed_by_name) {
    options.configuration->set("identity.big-admin.base_url", "https://other.test");
    BOOST_TEST(missing(needs::identity("big-admin")).empty());
    BOOST_TEST(missing(needs::identity("big_admin")).empty());
    BOOST_TEST(missing(needs::identity("default")).empty());
    BOOST_TEST(missing(needs::identity("researcher")) ==
               "needs the identity 'researcher', for which no credential is configured");
}

BOOST_AUTO_TEST_CASE(versions_are_needed_by_number) {
    BOOST_TEST(holds(missing(needs::version("2.20")), "system_version does not tell"));
    endHarness();
    options.configuration->set("scripted.system_version", "2.9.14");
    BOOST_TEST(missing(needs::version("2.9")).empty());
    BOOST_TEST(missing(needs::version("2.9.14")).empty());
    BOOST_TEST(missing(needs::version("2.20")) == "needs version 2.20, and 2.9.14 is tested");
    BOOST_CHECK_THROW(missing(needs::version("new")), Misconfigured);
    endHarness();
    options.configuration->set("scripted.system_version", "latest");
    BOOST_CHECK_THROW(missing(needs::version("2.20")), Misconfigured);
}

BOOST_AUTO_TEST_CASE(version_numbers_compare_part_by_part) {
    BOOST_CHECK(VersionNumber("2.9") < VersionNumber("2.20"));
    BOOST_CHECK(VersionNumber("2.20") == VersionNumber("v2.20.0"));
    BOOST_CHECK(VersionNumber("2.20.1") > VersionNumber("2.20"));
    BOOST_CHECK(VersionNumber("3") > VersionNumber("2.99.99"));
    for (char const* const text : {"", "v", ".", "2.", ".2", "2..0", "2.x", "-1", "2.20-rc1", "99999999999", " 2"}) {
        BOOST_CHECK_THROW(VersionNumber{text}, Misconfigured);
    }
}

BOOST_AUTO_TEST_SUITE_END()
