#include "api_contract.hpp"

#include "integration/cli/command.hpp"

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <tuple>

namespace contract {

namespace {

/// A control plane that keeps what it answers.
class ObservedPlane {
public:
    using Answer = std::tuple<std::string, std::string, int, std::string>; // method, path, status, body

    std::map<Answer, int> answers() const {
        std::scoped_lock const lock(mutex_);
        return answers_;
    }

private:
    runai::testing::FakeControlPlaneOptions observing() {
        runai::testing::FakeControlPlaneOptions options;
        options.observer = [this](auto const& method, auto const& path, auto const& reply) {
            std::scoped_lock const lock(mutex_);
            ++answers_[{method, path, reply.status, reply.body}];
        };
        return options;
    }

    mutable std::mutex mutex_;
    std::map<Answer, int> answers_;

public:
    runai::testing::FakeControlPlane plane{observing()};
};

BOOST_AUTO_TEST_SUITE(samples)

BOOST_AUTO_TEST_CASE(every_reply_in_a_run_of_the_samples_keeps_the_contract) {
    ObservedPlane observed;
    auto const& plane = observed.plane;
    Variables const variables{{"RUNAI_BASE_URL", plane.url()},
                              {"RUNAI_CLIENT_ID", plane.clientId()},
                              {"RUNAI_CLIENT_SECRET", plane.clientSecret()},
                              {"RUNAI_VIEWER_CLIENT_ID", plane.viewerId()},
                              {"RUNAI_VIEWER_CLIENT_SECRET", plane.viewerSecret()}};
    std::istringstream programs(CONTRACT_SAMPLES);
    for (std::string program; std::getline(programs, program, ':');) {
        auto const before = observed.answers().size();
        Ended const ended = runProgram(program, {}, variables);
        BOOST_TEST(ended.exitCode == 0, program << ":\n" << ended.output << ended.errors);
        BOOST_TEST(observed.answers().size() > before, program << " asked for nothing");
    }
    for (auto const& [answer, times] : observed.answers()) {
        auto const& [method, path, status, body] = answer;
        auto const complaint = ApiContract::instance().complaint(method, path, status, body);
        BOOST_TEST(complaint.empty(), method << " " << path << " answers " << status << ": " << complaint);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace contract
