#include "list_query.hpp"

#include "bad_request.hpp"

#include <Poco/StringTokenizer.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace runai::testing {

namespace {

constexpr std::size_t maxLimit = 500;
constexpr std::array<std::string_view, 6> knownComparisons{"==", "!=", "=@", "!@", "=^", "=$"};

template <typename Range>
bool holds(Range const& range, std::string_view text) {
    return std::find(range.begin(), range.end(), text) != range.end();
}

std::size_t parseNumber(std::string const& name, std::string const& text, std::size_t lowest, std::size_t highest) {
    std::size_t number = 0;
    auto const* end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end || number < lowest || number > highest) {
        throw BadRequest("The parameter " + name + " must be a number from " + std::to_string(lowest) + " to " +
                         std::to_string(highest) + ".");
    }
    return number;
}

std::string textOf(nlohmann::json const& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
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

ListQuery::ListQuery(Request const& request, ListFields fields) : fields_(std::move(fields)) {
    for (auto const& [name, value] : request.query) {
        read(name, value);
    }
}

void ListQuery::read(std::string const& name, std::string const& value) {
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
            throw BadRequest("The parameter sortOrder must be asc or desc.");
        }
    } else if (name == "filterBy") {
        for (auto const& filter : Poco::StringTokenizer(value, ",")) {
            filters_.push_back(parseFilter(filter));
        }
    } else if (holds(fields_.selectors, name)) {
        filters_.push_back({name, "==", value});
    } else {
        throw BadRequest("The fake control plane does not know this list's parameter " + name + ".");
    }
}

Page ListQuery::select(std::vector<nlohmann::json> items) const {
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
    Page page{.offset = offset_, .total = items.size(), .next = {}};
    for (auto index = begin; index < end; ++index) {
        page.entries.push_back(std::move(items[index]));
    }
    if (end < items.size()) {
        page.next = end;
    }
    return page;
}

ListQuery::Filter ListQuery::parseFilter(std::string const& text) const {
    auto const at = text.find_first_of("=!<>");
    auto const comparison = at == std::string::npos ? std::string() : text.substr(at, 2);
    if (!holds(knownComparisons, comparison)) {
        throw BadRequest("The fake control plane does not know this filter.");
    }
    return {knownField(text.substr(0, at)), comparison, text.substr(at + 2)};
}

std::string ListQuery::knownField(std::string const& field) const {
    if (!holds(fields_.known, field)) {
        throw BadRequest("The fake control plane neither filters nor sorts this list by " + field + ".");
    }
    return field;
}

bool ListQuery::matches(nlohmann::json const& item) const {
    return textOf(item.at(fields_.searched)).find(search_) != std::string::npos &&
           std::all_of(filters_.begin(), filters_.end(), [&](Filter const& filter) {
               return compare(textOf(item.at(filter.field)), filter.comparison, filter.value);
           });
}

} // namespace runai::testing
