#include "expect/decimal.hpp"
#include "expect/json_text.hpp"
#include "expect/matcher_node.hpp"

#include <httptest/error.hpp>
#include <httptest/matchers.hpp>

#include <utility>

namespace httptest::inline v1 {

namespace {

enum class Extras { refused, allowed };

/// Compares with a JSON value; the one place that decides what is the same.
class SameAs {
public:
    explicit SameAs(Extras extras) : extras_(extras) {}

    bool operator()(JsonView expected, JsonView value) const {
        if (!value.exists() || value.kind() != expected.kind()) {
            return false;
        }
        switch (expected.kind()) {
        case JsonKind::null: return true;
        case JsonKind::boolean: return expected.boolean() == value.boolean();
        case JsonKind::string: return expected.text() == value.text();
        case JsonKind::number:
            return expected.text() == value.text() || Decimal(expected.text()) == Decimal(value.text());
        case JsonKind::array: return sameElements(expected, value);
        case JsonKind::object: return sameMembers(expected, value);
        }
        return false;
    }

    void explain(JsonView expected, JsonView value, Place const& place, Mismatches& mismatches) const {
        if (!value.exists() || value.kind() != expected.kind() || !expected.isContainer()) {
            char const* const verb = extras_ == Extras::allowed && expected.isContainer() ? "be like " : "equal ";
            mismatches.add(place, verb + shownJson(expected, place.member), value);
        } else if (expected.kind() == JsonKind::array) {
            explainElements(expected, value, place, mismatches);
        } else {
            explainMembers(expected, value, place, mismatches);
        }
    }

private:
    bool sameElements(JsonView expected, JsonView value) const {
        if (expected.size() != value.size()) {
            return false;
        }
        auto element = value.begin();
        for (JsonView const wanted : expected) {
            if (!(*this)(wanted, *element++)) {
                return false;
            }
        }
        return true;
    }

    bool sameMembers(JsonView expected, JsonView value) const {
        if (expected.size() != value.size() && (extras_ == Extras::refused || expected.size() > value.size())) {
            return false;
        }
        for (JsonView const wanted : expected) {
            if (!(*this)(wanted, value.member(wanted.name()))) {
                return false;
            }
        }
        return true;
    }

    void explainElements(JsonView expected, JsonView value, Place const& place, Mismatches& mismatches) const {
        if (expected.size() != value.size()) {
            mismatches.add(place, "have " + counted(expected.size(), "element"), counted(value.size(), "element"));
        }
        auto element = value.begin();
        std::size_t index = 0;
        for (JsonView const wanted : expected) {
            if (element == value.end()) {
                return;
            }
            explainIfOther(wanted, *element++, place.at(index++), mismatches);
        }
    }

    void explainMembers(JsonView expected, JsonView value, Place const& place, Mismatches& mismatches) const {
        for (JsonView const wanted : expected) {
            explainIfOther(wanted, value.member(wanted.name()), place.of(wanted.name()), mismatches);
        }
        if (extras_ == Extras::allowed) {
            return;
        }
        for (JsonView const member : value) {
            if (!expected.member(member.name()).exists()) {
                mismatches.add(place.of(member.name()), "be absent", member);
            }
        }
    }

    void explainIfOther(JsonView expected, JsonView value, Place const& place, Mismatches& mismatches) const {
        if (!(*this)(expected, value)) {
            explain(expected, value, place, mismatches);
        }
    }

    Extras extras_;
};

class StructureNode final : public MatcherNode {
public:
    StructureNode(ExpectedValue const& expected, Extras extras)
        : expected_(documentOf(expected)),
          verb_(extras == Extras::allowed ? "be like " : "equal "),
          same_(extras) {}

    bool matches(JsonView value) const override { return same_(expected_.root(), value); }
    std::string describe() const override { return verb_ + shownJson(expected_.root()); }
    void explain(JsonView value, Place const& place, Mismatches& mismatches) const override {
        same_.explain(expected_.root(), value, place, mismatches);
    }

private:
    JsonDocument const expected_;
    char const* const verb_;
    SameAs const same_;
};

} // namespace

bool sameJson(JsonView a, JsonView b) {
    return SameAs(Extras::refused)(a, b);
}

Matcher equals(ExpectedValue const& value) {
    return Matcher(std::make_shared<StructureNode>(value, Extras::refused));
}

Matcher like(ExpectedValue const& partial) {
    return Matcher(std::make_shared<StructureNode>(partial, Extras::allowed));
}

Matcher Matcher::equalTo(ExpectedValue const& value) {
    return equals(value);
}

MatcherNodes elementsEqualTo(ExpectedValue const& array, char const* function) {
    JsonDocument const document = documentOf(array);
    if (document.root().kind() != JsonKind::array) {
        throw InvalidExpectation(std::string(function) + " with a single value wants an array, not " +
                                 describe(document.root().kind()) + "; write " + function + "({…})");
    }
    MatcherNodes nodes;
    for (JsonView const element : document.root()) {
        nodes.push_back(equals(JsonText{compactJson(element)}).node());
    }
    return nodes;
}

} // namespace httptest::v1
