#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace httptest::bench {

/// One of the things that are compared. `run` does it `count` times.
struct Contestant {
    std::string name;
    std::function<void(int count)> run;
};

/// What the rounds of one contestant came to.
struct Standing {
    std::string name;
    double median = 0; ///< Nanoseconds for one repetition.
    double best = 0;   ///< Of the quickest round.
    double speed = 1;  ///< Median over the rounds of the reference's time divided by this one's: 1.25 is faster.
    std::vector<double> times; ///< Of each round.
};

/// Median over the rounds of what the second took longer than the first.
double medianStep(Standing const& from, Standing const& to);

double medianOf(std::vector<double> values);

/// Runs all contestants in turn, round by round, in an order that shifts, so that what else the machine does meets
/// all of them; compares within a round only. One round more goes first and does not count.
std::vector<Standing> compare(std::vector<Contestant> const& contestants, int rounds, int repetitions,
                              std::size_t reference);

/// @param unit  How the times are shown: std::chrono::microseconds(1), say.
void print(std::string const& title, std::vector<Standing> const& standings, std::chrono::nanoseconds unit,
           char const* unitName);

} // namespace httptest::bench
