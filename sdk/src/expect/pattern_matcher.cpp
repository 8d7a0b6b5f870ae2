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
    PatternNode(std::string_view pattern, Location where) : pattern_(pattern), where_(where) {
        try {
            regex_.assign(pattern_);
        } catch (std::regex_error const& error) {
            refuse("'" + pattern_ + "' is no regular expression (ECMAScript): " + error.what());
        }
    }

    bool matches(JsonView value) const override {
        if (!value.exists() || value.kind() != JsonKind::string) {
            return false;
        }
        std::string_view const text = value.text();
        if (text.size() > longestSearched) { // "no" would be a "yes" within not_
            refuse("/" + pattern_ + "/ cannot be tried on a string of " + std::to_string(text.size()) +
                   " bytes: patterns are for " + std::to_string(longestSearched) + " at most; use contains");
        }
        try {
            return std::regex_search(text.begin(), text.end(), regex_);
        } catch (std::regex_error const& error) {
            refuse("/" + pattern_ + "/ cannot be tried on a string of " + std::to_string(text.size()) +
                   " bytes: " + error.what());
        }
    }
    std::string describe() const override { return "match /" + pattern_ + "/"; }

private:
    [[noreturn]] void refuse(std::string const& what) const {
        InvalidExpectation invalid(what);
        invalid.setLocation(where_);
        throw invalid; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
    }

    std::string const pattern_;
    Location const where_;
    std::regex regex_;
};

} // namespace

Matcher matches(std::string_view pattern, Location where) {
    return Matcher(std::make_shared<PatternNode const>(pattern, where));
}

} // namespace httptest::v1
