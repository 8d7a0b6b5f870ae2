#pragma once

#include "http.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// What a list can be asked for.
struct ListFields {
    std::vector<std::string> known;          ///< For `filterBy` and `sortBy`.
    std::string searched = "name";           ///< Where `search` looks.
    std::vector<std::string> selectors = {}; ///< Query parameters that select by equality.
};

/// A part of a list; each resource writes it in its own form.
struct Page {
    nlohmann::json entries = nlohmann::json::array();
    std::size_t offset = 0;
    std::size_t total = 0;           ///< Items that match, on all pages.
    std::optional<std::size_t> next; ///< Where the next page begins; nothing at the end.
};

/// The query of the lists that page with `offset` and `limit` (1 to 500, 50 by default).
///
/// What the fake does not know it refuses, since an ignored filter would give a test wrong items.
class ListQuery {
public:
    /// @throws BadRequest
    ListQuery(Request const& request, ListFields fields);

    /// The items that match, in the order asked for.
    Page select(std::vector<nlohmann::json> items) const;

private:
    struct Filter {
        std::string field;
        std::string comparison;
        std::string value;
    };

    void read(std::string const& name, std::string const& value);
    Filter parseFilter(std::string const& text) const;
    std::string knownField(std::string const& field) const;
    bool matches(nlohmann::json const& item) const;

    ListFields fields_;
    std::size_t offset_ = 0;
    std::size_t limit_ = 50;
    std::string search_;
    std::string sortBy_;
    bool descending_ = false;
    std::vector<Filter> filters_;
};

} // namespace runai::testing
