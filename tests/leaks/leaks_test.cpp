#include "echoing_server.hpp"
#include "forms.hpp"
#include "leak_fixture.hpp"

#include "support/canary.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <ostream>
#include <string>
#include <vector>

namespace leaks {

namespace {

namespace data = boost::unit_test::data;

std::string const probe = LEAK_PROBE;

/// A probe against the echoing server. Its secret is what it logs in with.
struct ProbeFixture : LeakFixture {
    explicit ProbeFixture(std::string_view probesSecret = canary::clientSecret) : secret(probesSecret) {
        variables["RUNAI_BASE_URL"] = server.url();
        variables["LEAK_PROBE_SECRET"] = secret;
        variables["LEAK_PROBE_FORMS"] = std::to_string(server.formCount());
    }

    void useClient() {
        variables["RUNAI_CLIENT_ID"] = "ci";
        variables["RUNAI_CLIENT_SECRET"] = canary::clientSecret;
    }

    std::string const secret;
    EchoingServer server{{secret, std::string(canary::accessToken)}};
};

struct ClientProbe : ProbeFixture {
    ClientProbe() { useClient(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(PlantedLeaks)

BOOST_FIXTURE_TEST_CASE(are_found_wherever_they_are, ClientProbe) {
    int const status = run(suite(probe, {"--run_test=planted"}));
    BOOST_TEST(status != 0);
    std::vector<Leak> const found = leaks();
    auto const foundIn = [&](std::string const& part) {
        return std::count_if(found.begin(), found.end(),
                             [&](Leak const& leak) { return leak.place.find(part) != std::string::npos; });
    };
    BOOST_TEST(foundIn("leak_probe.stdout") > 5);
    BOOST_TEST(foundIn("leak_probe.stderr") > 5);
    BOOST_TEST(foundIn("leak_probe.xml") > 0);
    BOOST_TEST(foundIn("leak_probe.cmdlines") > 0);
    BOOST_TEST(foundIn("leak_probe.environments") > 0);
    for (Form const& form : formsOf(canary::clientSecret)) {
        BOOST_TEST(foundIn("temporary/" + form.name) > 0, form.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(LeaksOfFailures)

BOOST_FIXTURE_TEST_CASE(a_suite_that_fails_in_every_way_shows_no_client_secret_and_no_token, ClientProbe) {
    int const status = run(suite(probe));
    BOOST_TEST(status == 201); // Boost's for failures
    std::string const output = produced("1-leak_probe.stdout");
    BOOST_TEST(output.find("expected status 418, got 200") != std::string::npos, output.substr(0, 2000));
    checkNothingLeaked();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace leaks
