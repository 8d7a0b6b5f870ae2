#pragma once

#include "child.hpp"
#include "search.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace leaks {

/// Runs programs with canaries for secrets. What they are told lies in `inputs`; all that they produce is searched: their
/// streams, trace, reports, state folder, home, temporary files, and what /proc tells of them.
class LeakFixture {
public:
    LeakFixture();
    /// With `LEAK_TESTS_KEEP=<folder>` in the environment what was produced is copied there, to be looked at.
    ~LeakFixture();

    void keepAnEyeOn(std::string name, std::string_view value);
    /// All that the control plane has made and been given.
    void keepAnEyeOn(runai::testing::FakeControlPlane const& plane);

    /// What `start` starts: with the trace at `wire`, logins shared by files, and the fixture's variables.
    Command command(std::string const& program, std::vector<std::string> arguments = {});
    /// A suite's program, with reports for people and as JUnit.
    Command suite(std::string const& program, std::vector<std::string> arguments = {});

    Search search() const { return Search(canaries_); }
    std::vector<Leak> leaks() const;
    void checkNothingLeaked() const;

    /// Fails unless one of the files produced, whose names may have a `*`, holds `text`: that there is something to search.
    void requireProduced(std::string const& pattern, std::string_view text) const;

    httptest::testing::TemporaryFolder const inputs;
    Variables variables; ///< Of the programs; canaries among them.

private:
    httptest::testing::TemporaryFolder const produced_;
    std::vector<Canary> canaries_;
    int commands_ = 0;
};

} // namespace leaks
