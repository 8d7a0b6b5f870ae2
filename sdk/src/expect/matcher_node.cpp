#include "expect/matcher_node.hpp"

#include "expect/json_pointer.hpp"
#include "expect/json_text.hpp"
#include "report/excerpt.hpp"

#include <httptest/redactor.hpp>

#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t mismatchesKept = 20;
constexpr std::size_t matchersListed = 8;
constexpr std::size_t shownPointerBytes = 200;

} // namespace

Place Place::of(std::string_view name) const {
    return {pointer + "/" + pointerToken(name), std::string(name)};
}

Place Place::at(std::size_t index) const {
    return {pointer + "/" + std::to_string(index), {}};
}

void Mismatches::add(Place const& place, std::string const& expected, JsonView found) {
    add(place, expected, shownJson(found, place.member));
}

void Mismatches::add(Place const& place, std::string const& expected, std::string found) {
    ++count_;
    if (entries_.size() < mismatchesKept) {
        bool const secret = isSecretMember(place.member);
        // Names in the pointer may be the server's.
        Excerpt const pointer = redactedExcerpt(place.pointer, shownPointerBytes);
        entries_.push_back({pointer.whole ? pointer.text : pointer.text + "…",
                            secret ? "to be what the test expects" : infinitive(expected), std::move(found)});
    }
}

MatcherNode::~MatcherNode() = default;

void MatcherNode::explain(JsonView value, Place const& place, Mismatches& mismatches) const {
    mismatches.add(place, describe(), value);
}

bool isArrayOf(JsonView value, std::size_t elements) {
    return value.exists() && value.kind() == JsonKind::array && value.size() == elements;
}

MatcherNodes nodesOf(std::initializer_list<Matcher> matchers) {
    MatcherNodes nodes;
    for (Matcher const& matcher : matchers) {
        nodes.push_back(matcher.node());
    }
    return nodes;
}

std::string infinitive(std::string const& description) {
    constexpr std::string_view negation = "not ";
    return description.starts_with(negation) ? "not to " + description.substr(negation.size()) : "to " + description;
}

std::string listed(MatcherNodes const& nodes) {
    constexpr std::string_view equal = "equal ";
    std::string text;
    for (std::size_t i = 0; i < nodes.size() && i < matchersListed; ++i) {
        std::string const expected = nodes[i]->describe();
        text += i > 0 ? ", " : "";
        text += expected.starts_with(equal) ? expected.substr(equal.size()) : "(" + expected + ")";
    }
    return nodes.size() > matchersListed ? text + ", …" : text;
}

} // namespace httptest::v1
