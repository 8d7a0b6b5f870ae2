#include "expect/matcher_node.hpp"

#include <httptest/error.hpp>
#include <httptest/matchers.hpp>

#include <regex>

namespace httptest::inline v1 {

namespace {

/// libstdc++'s std::regex recurses for each character: 8,000 overflow a stack of 8 MiB in an instrumented program.
constexpr std::size_t longestSearched = 4000;

class PatternNode final : public MatcherNode {
public:
    PatternNode(std::string_view pattern, Location where) : pattern_(pattern) {
        try {
            regex_.assign(pattern_);
        } catch (std::regex_error const& error) {
            InvalidExpectation invalid("'" + pattern_ + "' is no regular expression (ECMAScript): " + error.what());
            invalid.setLocation(where);
            throw invalid; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
        }
    }

    bool matches(JsonView value) const override {
        return isText(value) && value.text().size() <= longestSearched &&
               std::regex_search(value.text().begin(), value.text().end(), regex_);
    }
    std::string describe() const override { return "match /" + pattern_ + "/"; }
    void explain(JsonView value, Place const& place, Mismatches& mismatches) const override {
        if (isText(value) && value.text().size() > longestSearched) {
            mismatches.add(place, describe(),
                           "a string of " + std::to_string(value.text().size()) + " bytes; patterns are tried on " +
                               std::to_string(longestSearched) + " at most, use contains");
        } else {
            mismatches.add(place, describe(), value);
        }
    }

private:
    static bool isText(JsonView value) { return value.exists() && value.kind() == JsonKind::string; }

    std::string const pattern_;
    std::regex regex_;
};

} // namespace

Matcher matches(std::string_view pattern, Location where) {
    return Matcher(std::make_shared<PatternNode const>(pattern, where));
}

} // namespace httptest::v1
