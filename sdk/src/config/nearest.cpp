#include "config/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace httptest::inline v1 {

namespace {

/// Levenshtein's distance, row by row.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < to.size(); ++j) {
            std::size_t const replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

} // namespace

std::string nearest(std::string_view text, std::vector<std::string> const& candidates, std::size_t limit) {
    std::string best;
    // A third of the letters: 'runai.clientid' is near 'runai.client_id', and not near 'provider'.
    std::size_t bestDistance = std::min(text.size() / 3, limit) + 1;
    for (std::string const& candidate : candidates) {
        std::size_t const d = distance(text, candidate);
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    return best;
}

} // namespace httptest::v1
