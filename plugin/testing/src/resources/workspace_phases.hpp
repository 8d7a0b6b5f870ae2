#pragma once

#include <deque>
#include <string>
#include <string_view>

namespace runai::testing {

/// The phases that a workspace goes through, one with each step, from what it is to what was asked for last.
class WorkspacePhases {
public:
    /// In the API's words: `Creating`, `Pending`, `Running`, …
    std::string_view actual() const noexcept { return road_.front(); }
    /// `Running`, `Stopped` or `Deleted`.
    std::string_view desired() const noexcept { return desired_; }
    bool isEnding() const noexcept { return desired_ == deleted; }
    /// The last step of a deletion was made: the workspace is not there any more.
    bool isGone() const noexcept { return actual() == deleted; }

    void step();

    /// Each of them does nothing where that is wanted already; a workspace that is being deleted stays so.
    void suspend();
    void resume();
    void remove();

private:
    static constexpr std::string_view running = "Running";
    static constexpr std::string_view stopped = "Stopped";
    static constexpr std::string_view deleted = "Deleted";

    void want(std::string_view desired, std::deque<std::string_view> road);

    std::string_view desired_ = running;
    std::deque<std::string_view> road_{"Creating", "Pending", running};
};

} // namespace runai::testing
