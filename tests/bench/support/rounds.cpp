#include "support/rounds.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>

namespace httptest::bench {

double medianOf(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double medianStep(Standing const& from, Standing const& to) {
    std::vector<double> steps(to.times.size());
    std::transform(to.times.begin(), to.times.end(), from.times.begin(), steps.begin(), std::minus<>());
    return medianOf(std::move(steps));
}

std::vector<Standing> compare(std::vector<Contestant> const& contestants, int rounds, int repetitions,
                              std::size_t reference) {
    using Clock = std::chrono::steady_clock;
    std::size_t const count = contestants.size();
    std::vector<std::vector<double>> times(count);
    std::vector<std::vector<double>> speeds(count);
    for (int round = 0; round <= rounds; ++round) {
        std::vector<double> spent(count);
        for (std::size_t i = 0; i < count; ++i) {
            std::size_t const which = (i + static_cast<std::size_t>(round)) % count;
            auto const began = Clock::now();
            contestants[which].run(repetitions);
            spent[which] = std::chrono::duration<double, std::nano>(Clock::now() - began).count() / repetitions;
        }
        for (std::size_t i = 0; i < count && round > 0; ++i) {
            times[i].push_back(spent[i]);
            speeds[i].push_back(spent[reference] / spent[i]);
        }
    }
    std::vector<Standing> standings;
    for (std::size_t i = 0; i < count; ++i) {
        double const best = times[i].empty() ? 0 : *std::min_element(times[i].begin(), times[i].end());
        standings.push_back({contestants[i].name, medianOf(times[i]), best, medianOf(speeds[i]), times[i]});
    }
    return standings;
}

void print(std::string const& title, std::vector<Standing> const& standings, std::chrono::nanoseconds unit,
           char const* unitName) {
    auto const scale = static_cast<double>(unit.count());
    std::printf("%s\n  %-44s %10s %10s %8s\n", title.c_str(), "", (std::string(unitName) + " median").c_str(), "best",
                "speed");
    for (Standing const& standing : standings) {
        std::printf("  %-44s %10.2f %10.2f %8.2f\n", standing.name.c_str(), standing.median / scale,
                    standing.best / scale, standing.speed);
    }
    std::printf("\n");
    std::fflush(stdout);
}

} // namespace httptest::bench
