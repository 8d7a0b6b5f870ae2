#pragma once

#include "server_record.hpp"
#include "settings.hpp"
#include "tally.hpp"
#include "trend.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace soak {

struct ProcessCounts {
    std::size_t descriptors = 0;
    std::size_t threads = 0;
};

/// Taken once a second, with no call under way.
struct Sample {
    double at = 0; ///< Seconds since the load began.
    std::size_t heap = 0;
    std::uint64_t logins = 0; ///< So far.
    std::uint64_t waits = 0;  ///< Calls so far that had to wait for a login.
    ProcessCounts process;
};

/// All that is known of a run after it.
struct Run {
    Settings settings;
    double seconds = 0; ///< How long the load lasted.
    Tally client;
    ServerRecord server;
    std::vector<Sample> samples;
    std::size_t bytesPerToken = 0; ///< What the redactor takes to remember a token.
    ProcessCounts before;
    ProcessCounts after; ///< When the harness is gone.
};

Run runSoak(Settings const& settings);

/// Calls that waited for a login once the first second, in which all log in, was over.
std::uint64_t waitsAfterTheStart(Run const& run);

/// The heap over time from the end of the warm-up on, in bytes over seconds, without what the redactor remembers.
std::vector<Point> steadyHeap(Run const& run);

} // namespace soak
