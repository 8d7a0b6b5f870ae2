#include "expect/exchange_notes.hpp"
#include "expect/failing.hpp"

#include <httptest/exchange.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

namespace {

/// Levels of a text that may be no JSON at all. nlohmann's parser recurses nowhere, but its values' destructor does.
std::size_t nesting(std::string_view json) {
    std::ptrdiff_t depth = 0;
    std::ptrdiff_t deepest = 0;
    bool insideString = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        char const c = json[i];
        if (insideString) {
            i += c == '\\' ? 1 : 0;
            insideString = c != '"';
        } else if (c == '"') {
            insideString = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return static_cast<std::size_t>(deepest);
}

} // namespace

void Exchange::requireShallowJson(Location where) const {
    if (nesting(body()) > deepestJson) {
        endCase(*this, "the reply's JSON is nested deeper than " + std::to_string(deepestJson) + " levels", where);
    }
}

void Exchange::endCaseForBadJson(Location where) const {
    std::string const& problem = ExchangeNotes::json(*this).problem();
    endCase(*this, "the reply's body " + (problem.empty() ? "is no JSON" : problem), where);
}

} // namespace httptest::v1
