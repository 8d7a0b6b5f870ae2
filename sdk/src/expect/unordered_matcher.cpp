#include "expect/matcher_node.hpp"

#include <httptest/matchers.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

/// Which element of an array each matcher takes, so that as many as can be get one: a bipartite matching, since the
/// first matcher may take the only element that the second accepts.
class Pairing {
public:
    Pairing(MatcherNodes const& nodes, JsonView array) : accepts_(nodes.size()), takenBy_(array.size()) {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            for (JsonView const element : array) {
                accepts_[i].push_back(nodes[i]->matches(element));
            }
        }
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            std::vector<bool> tried(takenBy_.size());
            if (!place(i, tried)) {
                left_.push_back(i);
            }
        }
    }

    /// The matchers that got none.
    std::vector<std::size_t> const& left() const noexcept { return left_; }

    bool taken(std::size_t element) const { return takenBy_[element].has_value(); }

private:
    bool place(std::size_t node, std::vector<bool>& tried) {
        for (std::size_t element = 0; element < takenBy_.size(); ++element) {
            if (!accepts_[node][element] || tried[element]) {
                continue;
            }
            tried[element] = true;
            if (!takenBy_[element] || place(*takenBy_[element], tried)) {
                takenBy_[element] = node;
                return true;
            }
        }
        return false;
    }

    std::vector<std::vector<bool>> accepts_;
    std::vector<std::optional<std::size_t>> takenBy_;
    std::vector<std::size_t> left_;
};

class UnorderedNode final : public MatcherNode {
public:
    explicit UnorderedNode(MatcherNodes nodes) : nodes_(std::move(nodes)) {}

    bool matches(JsonView value) const override {
        return isArrayOf(value, nodes_.size()) && Pairing(nodes_, value).left().empty();
    }
    std::string describe() const override { return "be an array in any order of " + listed(nodes_); }
    void explain(JsonView value, Place const& place, Mismatches& mismatches) const override {
        if (!isArrayOf(value, nodes_.size())) {
            mismatches.add(place, describe(), value);
            return;
        }
        Pairing const pairing(nodes_, value);
        for (std::size_t const node : pairing.left()) {
            mismatches.add(place, "have an element " + listed({nodes_[node]}), std::string("none"));
        }
        std::size_t index = 0;
        for (JsonView const element : value) {
            if (!pairing.taken(index)) {
                mismatches.add(place.at(index), "be one of those expected", element);
            }
            ++index;
        }
    }

private:
    MatcherNodes const nodes_;
};

} // namespace

Matcher unordered(std::initializer_list<Matcher> elements) {
    return Matcher(std::make_shared<UnorderedNode const>(nodesOf(elements)));
}

Matcher unordered(ExpectedValue const& array) {
    return Matcher(std::make_shared<UnorderedNode const>(elementsEqualTo(array, "unordered")));
}

} // namespace httptest::v1
