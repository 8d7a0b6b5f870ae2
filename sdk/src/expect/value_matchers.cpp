#include "expect/decimal.hpp"
#include "expect/json_text.hpp"
#include "expect/matcher_node.hpp"

#include <httptest/error.hpp>
#include <httptest/matchers.hpp>

#include <algorithm>
#include <compare>
#include <utility>

namespace httptest::inline v1 {

namespace {

class PresenceNode final : public MatcherNode {
public:
    explicit PresenceNode(bool present) : present_(present) {}

    bool matches(JsonView value) const override { return value.exists() == present_; }
    bool deniedByNothing() const override { return present_; }
    std::string describe() const override { return present_ ? "exist" : "be absent"; }

private:
    bool const present_;
};

class KindNode final : public MatcherNode {
public:
    explicit KindNode(JsonKind kind) : kind_(kind) {}

    bool matches(JsonView value) const override { return value.exists() && value.kind() == kind_; }
    std::string describe() const override { return std::string("be ") + httptest::describe(kind_); }

private:
    JsonKind const kind_;
};

class IntegerNode final : public MatcherNode {
public:
    bool matches(JsonView value) const override {
        return value.exists() && value.kind() == JsonKind::number && Decimal(value.text()).whole();
    }
    std::string describe() const override { return "be an integer"; }
};

class OrderNode final : public MatcherNode {
public:
    using Accepts = bool (*)(std::strong_ordering);

    OrderNode(ExpectedValue const& limit, char const* relation, Accepts accepts)
        : limit_(documentOf(limit)),
          relation_(relation),
          accepts_(accepts) {
        JsonKind const kind = limit_.root().kind();
        if (kind != JsonKind::number && kind != JsonKind::string) {
            throw InvalidExpectation(std::string("something can be ") + relation + " a number or a string, not " +
                                     httptest::describe(kind));
        }
    }

    bool matches(JsonView value) const override {
        JsonView const limit = limit_.root();
        if (!value.exists() || value.kind() != limit.kind()) {
            return false;
        }
        return accepts_(limit.kind() == JsonKind::number ? Decimal(value.text()) <=> Decimal(limit.text())
                                                         : value.text() <=> limit.text());
    }
    std::string describe() const override { return std::string("be ") + relation_ + " " + shownJson(limit_.root()); }

private:
    JsonDocument const limit_;
    char const* const relation_;
    Accepts const accepts_;
};

class TextPartNode final : public MatcherNode {
public:
    explicit TextPartNode(std::string_view part) : part_(JsonDocument::ofText(part)) {}

    bool matches(JsonView value) const override {
        JsonView const part = part_.root();
        if (!value.exists()) {
            return false;
        }
        if (value.kind() == JsonKind::array) {
            return std::any_of(value.begin(), value.end(),
                               [part](JsonView element) { return sameJson(part, element); });
        }
        return value.kind() == JsonKind::string && value.text().find(part.text()) != std::string_view::npos;
    }
    std::string describe() const override { return "contain " + shownJson(part_.root()); }

private:
    JsonDocument const part_;
};

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

class SizeNode final : public MatcherNode {
public:
    explicit SizeNode(Matcher size) : size_(std::move(size)) {}

    bool matches(JsonView value) const override {
        return hasSize(value) && size_.node()->matches(JsonDocument::parse(std::to_string(sizeOf(value))).root());
    }
    std::string describe() const override { return "have size " + listed({size_.node()}); }
    void explain(JsonView value, Place const& place, Mismatches& mismatches) const override {
        if (hasSize(value)) {
            mismatches.add(place, describe(),
                           "size " + std::to_string(sizeOf(value)) + ": " + shownJson(value, place.member));
        } else {
            mismatches.add(place, describe(), value);
        }
    }

private:
    static bool hasSize(JsonView value) {
        return value.exists() && (value.isContainer() || value.kind() == JsonKind::string);
    }
    static std::size_t sizeOf(JsonView value) { return value.isContainer() ? value.size() : characters(value.text()); }

    Matcher const size_;
};

template <class Node, class... Arguments>
Matcher make(Arguments&&... arguments) {
    return Matcher(std::make_shared<Node const>(std::forward<Arguments>(arguments)...));
}

} // namespace

Matcher::Matcher(std::shared_ptr<MatcherNode const> node) : node_(std::move(node)) {}

std::string Matcher::describe() const {
    return node_->describe();
}

Matcher exists() {
    return make<PresenceNode>(true);
}

Matcher absent() {
    return make<PresenceNode>(false);
}

Matcher contains(std::string_view text) {
    return make<TextPartNode>(text);
}

Matcher sizeIs(Matcher const& size) {
    return make<SizeNode>(size);
}

Matcher greaterThan(ExpectedValue const& limit) {
    return make<OrderNode>(limit, "greater than", [](std::strong_ordering order) { return std::is_gt(order); });
}

Matcher atLeast(ExpectedValue const& limit) {
    return make<OrderNode>(limit, "at least", [](std::strong_ordering order) { return std::is_gteq(order); });
}

Matcher lessThan(ExpectedValue const& limit) {
    return make<OrderNode>(limit, "less than", [](std::strong_ordering order) { return std::is_lt(order); });
}

Matcher atMost(ExpectedValue const& limit) {
    return make<OrderNode>(limit, "at most", [](std::strong_ordering order) { return std::is_lteq(order); });
}

Matcher isString() {
    return make<KindNode>(JsonKind::string);
}

Matcher isNumber() {
    return make<KindNode>(JsonKind::number);
}

Matcher isInteger() {
    return make<IntegerNode>();
}

Matcher isBoolean() {
    return make<KindNode>(JsonKind::boolean);
}

Matcher isNull() {
    return make<KindNode>(JsonKind::null);
}

Matcher isArray() {
    return make<KindNode>(JsonKind::array);
}

Matcher isObject() {
    return make<KindNode>(JsonKind::object);
}

} // namespace httptest::v1
