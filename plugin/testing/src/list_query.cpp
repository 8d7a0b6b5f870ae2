#include "list_query.hpp"

#include <Poco/StringTokenizer.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace runai::testing {

namespace {

constexpr std::size_t maxLimit = 500;
constexpr std::array<std::string_view, 4> knownFields{"name", "clusterId", "parentId", "createdAt"};
constexpr std::array<std::string_view, 6> knownComparisons{"==", "!=", "=@", "!@", "=^", "=$"};

std::size_t parseNumber(std::string const& name, std::string const& text, std::size_t lowest, std::size_t highest) {
    std::size_t number = 0;
    auto const* end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end || number < lowest || number > highest) {
        throw std::invalid_argument("The parameter " + name + " is out of range.");
    }
    return number;
}

std::string knownField(std::string const& field) {
    if (std::find(knownFields.begin(), knownFields.end(), field) == knownFields.end()) {
        throw std::invalid_argument("The fake control plane neither filters nor sorts by this field.");
    }
    return field;
}

bool compare(std::string_view left, std::string_view comparison, std::string_view right) {
    auto const contains = left.find(right) != std::string_view::npos;
    if (comparison == "==") return left == right;
    if (comparison == "!=") return left != right;
    if (comparison == "=@") return contains;
    if (comparison == "!@") return !contains;
    return comparison == "=^" ? left.starts_with(right) : left.ends_with(right);
}

} // namespace

ListQuery::ListQuery(Request const& request) {
    for (auto const& [name, value] : request.query) {
        if (name == "offset") {
            offset_ = parseNumber(name, value, 0, std::size_t{1} << 31);
        } else if (name == "limit") {
            limit_ = parseNumber(name, value, 1, maxLimit);
        } else if (name == "search") {
            search_ = value;
        } else if (name == "sortBy") {
            sortBy_ = knownField(value);
        } else if (name == "sortOrder") {
            descending_ = value == "desc";
            if (!descending_ && value != "asc") {
                throw std::invalid_argument("The parameter sortOrder must be asc or desc.");
            }
        } else if (name == "filterBy") {
            for (auto const& filter : Poco::StringTokenizer(value, ",")) {
                filters_.push_back(parseFilter(filter));
            }
        }
    }
}

nlohmann::json ListQuery::page(std::string const& key, std::vector<nlohmann::json> items) const {
    std::erase_if(items, [this](auto const& item) { return !matches(item); });
    if (!sortBy_.empty()) {
        std::stable_sort(items.begin(), items.end(),
                         [this](auto const& left, auto const& right) { return left.at(sortBy_) < right.at(sortBy_); });
    }
    if (descending_) {
        std::reverse(items.begin(), items.end());
    }
    auto const begin = std::min(offset_, items.size());
    auto const end = std::min(begin + limit_, items.size());
    auto entries = nlohmann::json::array();
    for (auto index = begin; index < end; ++index) {
        entries.push_back(std::move(items[index]));
    }
    nlohmann::json page{{key, std::move(entries)}};
    if (end < items.size()) {
        page["next"] = end;
    }
    return page;
}

ListQuery::Filter ListQuery::parseFilter(std::string const& text) {
    auto const at = text.find_first_of("=!<>");
    auto const comparison = at == std::string::npos ? std::string() : text.substr(at, 2);
    if (std::find(knownComparisons.begin(), knownComparisons.end(), comparison) == knownComparisons.end()) {
        throw std::invalid_argument("The fake control plane does not know this filter.");
    }
    return {knownField(text.substr(0, at)), comparison, text.substr(at + 2)};
}

bool ListQuery::matches(nlohmann::json const& item) const {
    return item.at("name").get_ref<std::string const&>().find(search_) != std::string::npos &&
           std::all_of(filters_.begin(), filters_.end(), [&](Filter const& filter) {
               return compare(item.at(filter.field).get_ref<std::string const&>(), filter.comparison, filter.value);
           });
}

} // namespace runai::testing
