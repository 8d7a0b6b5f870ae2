#include "expect/json_text.hpp"
#include "expect/matcher_node.hpp"

#include <httptest/matchers.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

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
            text.append(separator).append(inJsonQuotes(member.name)).append(" ");
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

Matcher hasElements(std::initializer_list<Matcher> elements) {
    return Matcher(std::make_shared<ElementsNode const>(nodesOf(elements)));
}

Matcher hasMembers(std::initializer_list<MemberMatcher> members) {
    return Matcher(std::make_shared<MembersNode const>(members));
}

} // namespace httptest::v1
