#include "expect/matcher_node.hpp"

#include <httptest/error.hpp>
#include <httptest/matchers.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

std::string joined(MatcherNodes const& nodes, char const* word) {
    std::string text;
    for (auto const& node : nodes) {
        text.append(text.empty() ? "" : word).append(node->describe());
    }
    return text;
}

class NotNode final : public MatcherNode {
public:
    explicit NotNode(std::shared_ptr<MatcherNode const> inner) : inner_(std::move(inner)) {}

    bool matches(JsonView value) const override {
        return value.exists() ? !inner_->matches(value) : inner_->deniedByNothing();
    }
    std::string describe() const override { return "not " + inner_->describe(); }

private:
    std::shared_ptr<MatcherNode const> const inner_;
};

class AllOfNode final : public MatcherNode {
public:
    explicit AllOfNode(MatcherNodes nodes) : nodes_(std::move(nodes)) {}

    bool matches(JsonView value) const override {
        return std::all_of(nodes_.begin(), nodes_.end(), [value](auto const& node) { return node->matches(value); });
    }
    std::string describe() const override { return joined(nodes_, " and "); }

private:
    MatcherNodes const nodes_;
};

class AnyOfNode final : public MatcherNode {
public:
    AnyOfNode(MatcherNodes nodes, std::string description)
        : nodes_(std::move(nodes)),
          description_(std::move(description)) {}

    bool matches(JsonView value) const override {
        return std::any_of(nodes_.begin(), nodes_.end(), [value](auto const& node) { return node->matches(value); });
    }
    std::string describe() const override { return description_; }

private:
    MatcherNodes const nodes_;
    std::string const description_;
};

Matcher oneOfNodes(MatcherNodes nodes) {
    std::string description = "be one of " + listed(nodes);
    return Matcher(std::make_shared<AnyOfNode const>(std::move(nodes), std::move(description)));
}

} // namespace

Matcher not_(Matcher const& matcher) {
    return Matcher(std::make_shared<NotNode const>(matcher.node()));
}

Matcher allOf(std::initializer_list<Matcher> matchers) {
    if (matchers.size() == 0) {
        throw InvalidExpectation("allOf({}) would match everything; give it a matcher");
    }
    return Matcher(std::make_shared<AllOfNode const>(nodesOf(matchers)));
}

Matcher anyOf(std::initializer_list<Matcher> matchers) {
    if (matchers.size() == 0) {
        throw InvalidExpectation("anyOf({}) would match nothing; give it a matcher");
    }
    MatcherNodes nodes = nodesOf(matchers);
    std::string description = joined(nodes, " or ");
    return Matcher(std::make_shared<AnyOfNode const>(std::move(nodes), std::move(description)));
}

Matcher oneOf(std::initializer_list<Matcher> values) {
    return oneOfNodes(nodesOf(values));
}

Matcher oneOf(ExpectedValue const& array) {
    return oneOfNodes(elementsEqualTo(array, "oneOf"));
}

} // namespace httptest::v1
