#pragma once

#include "http.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace runai::testing {

/// The query of the lists that page with `offset`, `limit` (1 to 500, 50 by default) and an integer `next`.
///
/// `search` looks into names. Of `filterBy` and `sortBy` the fake knows a part and refuses the rest: an ignored filter
/// would give a test wrong items.
class ListQuery {
public:
    /// Throws std::invalid_argument, for a 400.
    explicit ListQuery(Request const& request);

    /// `{<key>: […], "next"}` of the items that match, in the order asked for; without `next` at the end.
    nlohmann::json page(std::string const& key, std::vector<nlohmann::json> items) const;

private:
    struct Filter {
        std::string field;
        std::string comparison;
        std::string value;
    };

    static Filter parseFilter(std::string const& text);
    bool matches(nlohmann::json const& item) const;

    std::size_t offset_ = 0;
    std::size_t limit_ = 50;
    std::string search_;
    std::string sortBy_;
    bool descending_ = false;
    std::vector<Filter> filters_;
};

} // namespace runai::testing
