#include "expect/json_text.hpp"
#include "expect/matcher_node.hpp"

#include <httptest/matchers.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace httptest::inline v1 {

namespace {

bool isArrayOf(JsonView value, std::size_t elements) {
    return value.exists() && value.kind() == JsonKind::array && value.size() == elements;
}

class EachNode final : public MatcherNode {
public:
    explicit EachNode(Matcher element) : element_(std::move(element)) {}

    bool matches(JsonView value) const override {
        return isArray(value) && std::all_of(value.begin(), value.end(),
                                             [this](JsonView element) { return element_.node()->matches(element); });
    }
    std::string describe() const override { return "be an array of which each element is to " + element_.describe(); }
    void explain(JsonView value, Place const& place, Mismatches& mismatches) const override {
        if (!isArray(value)) {
            mismatches.add(place, describe(), value);
            return;
        }
        std::size_t index = 0;
        for (JsonView const element : value) {
            if (!element_.node()->matches(element)) {
                element_.node()->explain(element, place.at(index), mismatches);
            }
            ++index;
        }
    }

private:
    static bool isArray(JsonView value) { return value.exists() && value.kind() == JsonKind::array; }

    Matcher const element_;
};

class SomeElementNode final : public MatcherNode {
public:
    explicit SomeElementNode(Matcher element) : element_(std::move(element)) {}

    bool matches(JsonView value) const override {
        return value.exists() && value.kind() == JsonKind::array &&
               std::any_of(value.begin(), value.end(),
                           [this](JsonView element) { return element_.node()->matches(element); });
    }
    std::string describe() const override { return "have an element " + listed({element_.node()}); }

private:
    Matcher const element_;
};

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
    bool place(std::size_t node, std::vector<bool>& tried) { // NOLINT(misc-no-recursion): as deep as there are matchers
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

class ElementsNode final : public MatcherNode {
public:
    explicit ElementsNode(MatcherNodes nodes) : nodes_(std::move(nodes)) {}

    bool matches(JsonView value) const override {
        return isArrayOf(value, nodes_.size()) &&
               std::equal(nodes_.begin(), nodes_.end(), value.begin(),
                          [](auto const& node, JsonView element) { return node->matches(element); });
    }
    std::string describe() const override { return "be an array of " + listed(nodes_); }
    void explain(JsonView value, Place const& place, Mismatches& mismatches) const override {
        if (!isArrayOf(value, nodes_.size())) {
            mismatches.add(place, describe(), value);
            return;
        }
        std::size_t index = 0;
        for (JsonView const element : value) {
            MatcherNode const& node = *nodes_[index];
            if (!node.matches(element)) {
                node.explain(element, place.at(index), mismatches);
            }
            ++index;
        }
    }

private:
    MatcherNodes const nodes_;
};

class MembersNode final : public MatcherNode {
public:
    explicit MembersNode(std::vector<MemberMatcher> members) : members_(std::move(members)) {}

    bool matches(JsonView value) const override {
        return isObject(value) && std::all_of(members_.begin(), members_.end(), [value](MemberMatcher const& member) {
                   return member.matcher.node()->matches(value.member(member.name));
               });
    }
    std::string describe() const override {
        std::string text = "be an object with";
        char const* separator = " ";
        for (MemberMatcher const& member : members_) {
            text.append(separator).append(quoted(member.name)).append(" ");
            text.append(isSecretMember(member.name) ? "(what the test expects)" : listed({member.matcher.node()}));
            separator = ", ";
        }
        return text;
    }
    void explain(JsonView value, Place const& place, Mismatches& mismatches) const override {
        if (!isObject(value)) {
            mismatches.add(place, describe(), value);
            return;
        }
        for (MemberMatcher const& member : members_) {
            JsonView const found = value.member(member.name);
            if (!member.matcher.node()->matches(found)) {
                member.matcher.node()->explain(found, place.of(member.name), mismatches);
            }
        }
    }

private:
    static bool isObject(JsonView value) { return value.exists() && value.kind() == JsonKind::object; }

    std::vector<MemberMatcher> const members_;
};

} // namespace

Matcher each(Matcher const& element) {
    return Matcher(std::make_shared<EachNode const>(element));
}

Matcher contains(Matcher const& element) {
    return Matcher(std::make_shared<SomeElementNode const>(element));
}

Matcher unordered(std::initializer_list<Matcher> elements) {
    return Matcher(std::make_shared<UnorderedNode const>(nodesOf(elements)));
}

Matcher unordered(ExpectedValue const& array) {
    return Matcher(std::make_shared<UnorderedNode const>(elementsEqualTo(array, "unordered")));
}

Matcher hasElements(std::initializer_list<Matcher> elements) {
    return Matcher(std::make_shared<ElementsNode const>(nodesOf(elements)));
}

Matcher hasMembers(std::initializer_list<MemberMatcher> members) {
    return Matcher(std::make_shared<MembersNode const>(members));
}

} // namespace httptest::v1
