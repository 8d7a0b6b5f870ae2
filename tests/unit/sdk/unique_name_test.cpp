#include "cleanup/composed_name.hpp"
#include "session_support.hpp"

#include <httptest/unique_name.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <set>
#include <string>

namespace {

using httptest::cleanup::composedName;

httptest::WallTime const namedAt = std::chrono::sys_days(std::chrono::November / 24 / 2026) + std::chrono::hours(15) +
                                   std::chrono::minutes(23) + std::chrono::seconds(54);

std::string nameOf(std::string_view prefix, std::string_view job, std::string_view build, std::size_t longest = 63) {
    return composedName({prefix, job, build, namedAt, "k3x9q2fz"}, longest);
}

bool isLabel(std::string const& name) {
    return !name.empty() && name.size() <= 63 && name.front() >= 'a' && name.front() <= 'z' && name.back() != '-' &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(unique_name)

BOOST_AUTO_TEST_CASE(tells_prefix_job_build_and_time) {
    BOOST_TEST(nameOf("proj", "nightly", "412") == "proj-nightly-412-20261124t152354z-k3x9q2fz");
    BOOST_TEST(nameOf("proj", "", "") == "proj-20261124t152354z-k3x9q2fz");
}

BOOST_AUTO_TEST_CASE(takes_job_and_build_from_jenkins_variables) {
    struct InJenkins {
        InJenkins() {
            ::setenv("JOB_NAME", "nightly", 1);
            ::setenv("BUILD_NUMBER", "412", 1);
        }
        ~InJenkins() {
            ::unsetenv("JOB_NAME");
            ::unsetenv("BUILD_NUMBER");
        }
    } const inJenkins;
    BOOST_TEST(httptest::uniqueName("proj").starts_with("proj-nightly-412-2"));
}

BOOST_AUTO_TEST_CASE(job_and_build_are_sanitised_and_a_long_job_keeps_its_end) {
    BOOST_TEST(nameOf("p", "Team A/API_tests//", "#7") == "p-team-a-api-tests-7-20261124t152354z-k3x9q2fz");
    std::string const name = nameOf("proj", "organisation/team/project/a-very-long-branch-name-x", "1234567890123");
    BOOST_TEST(name.size() == 63U);
    BOOST_TEST(session_support::holds(name, "branch-name-x-4567890123-2026"), name);
    BOOST_TEST(nameOf("p", "ÄÖÜ/😀", "") == "p-20261124t152354z-k3x9q2fz");
}

BOOST_AUTO_TEST_CASE(is_a_label_whatever_the_job_is_called) {
    std::string job;
    for (int i = 0; i < 300; ++i) {
        job.push_back(static_cast<char>(i * 7));
        for (std::string const& prefix : {std::string("p"), std::string(24, 'p')}) {
            std::string const name = nameOf(prefix, job, job);
            BOOST_TEST(isLabel(name), name);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_shorter_one_leaves_out_the_job_and_then_the_build) {
    BOOST_TEST(nameOf("proj", "nightly", "412", 42) == "proj-nightly-412-20261124t152354z-k3x9q2fz");
    BOOST_TEST(nameOf("proj", "nightly", "412", 41) == "proj-ightly-412-20261124t152354z-k3x9q2fz");
    BOOST_TEST(nameOf("proj", "nightly", "412", 36) == "proj-y-412-20261124t152354z-k3x9q2fz");
    BOOST_TEST(nameOf("proj", "nightly", "412", 35) == "proj-412-20261124t152354z-k3x9q2fz");
    BOOST_TEST(nameOf("proj", "", "412", 33) == "proj-20261124t152354z-k3x9q2fz");
    BOOST_TEST(nameOf("proj", "nightly", "412", 30) == "proj-20261124t152354z-k3x9q2fz");
    for (std::size_t longest = 30; longest <= 63; ++longest) {
        std::string const name = nameOf("proj", "organisation/team/project", "1234567890123", longest);
        BOOST_TEST(isLabel(name), name);
        BOOST_TEST(name.size() <= longest, name);
    }
    BOOST_TEST(httptest::uniqueName("proj", 30).size() == 30U);
}

BOOST_AUTO_TEST_CASE(a_length_without_room_is_refused_with_the_least_there_is) {
    for (std::size_t const longest : {0U, 29U, 64U}) {
        try {
            nameOf("proj", "nightly", "412", longest);
            BOOST_ERROR("a name of at most " << longest << " passes");
        } catch (httptest::InvalidRequest const& error) {
            BOOST_TEST(session_support::holds(error.what(), "at most " + std::to_string(longest) + " characters"));
            BOOST_TEST(session_support::holds(error.what(), "'proj' before it, it has 30 to 63"));
        }
    }
}

BOOST_AUTO_TEST_CASE(prefixes_that_would_change_are_refused) {
    for (std::string const& prefix : {std::string(), std::string("Proj"), std::string("1p"), std::string("-p"),
                                      std::string("p_x"), std::string("p-"), std::string(25, 'p')}) {
        BOOST_CHECK_THROW(nameOf(prefix, "", ""), httptest::InvalidRequest);
    }
}

BOOST_AUTO_TEST_CASE(no_two_are_the_same) {
    std::set<std::string> names;
    for (int i = 0; i < 1000; ++i) {
        std::string const name = httptest::uniqueName("proj");
        BOOST_TEST(isLabel(name), name);
        names.insert(name);
    }
    BOOST_TEST(names.size() == 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
