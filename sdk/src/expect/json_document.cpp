#include "expect/json_document.hpp"

#include "report/excerpt.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t shownNumberBytes = 40;

} // namespace

char const* describe(JsonKind kind) noexcept {
    switch (kind) {
    case JsonKind::null: return "null";
    case JsonKind::boolean: return "a boolean";
    case JsonKind::number: return "a number";
    case JsonKind::string: return "a string";
    case JsonKind::array: return "an array";
    case JsonKind::object: return "an object";
    }
    return "a value";
}

/// Hears the parser's events and writes them down.
class JsonReader : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit JsonReader(JsonDocument& document) : document_(document) {}

    bool null() override { return add(JsonKind::null); }

    bool boolean(bool value) override {
        add(JsonKind::boolean);
        document_.nodes_.back().boolean = value;
        return true;
    }

    bool number_integer(number_integer_t value) override { return add(JsonKind::number, std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return add(JsonKind::number, std::to_string(value)); }
    bool number_float(number_float_t, string_t const& written) override { return add(JsonKind::number, written); }
    bool string(string_t& value) override { return add(JsonKind::string, value); }

    bool binary(binary_t&) override { return false; } // JSON texts hold none

    bool start_object(std::size_t) override { return open(JsonKind::object); }
    bool start_array(std::size_t) override { return open(JsonKind::array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        name_ = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, std::string const& last, nlohmann::json::exception const& error) override {
        constexpr int numberOverflow = 406;
        document_.problem_ = error.id == numberOverflow ? "has a number beyond the range of a double, which is " +
                                                              std::string(cutText(last, shownNumberBytes))
                                                        : "is no JSON from byte " + std::to_string(position) + " on";
        return false;
    }

private:
    bool add(JsonKind kind, std::string_view text = {}) {
        if (!open_.empty()) {
            ++document_.nodes_[open_.back()].size;
        }
        JsonDocument::Node node;
        node.kind = kind;
        node.name = document_.pool_.size();
        document_.pool_.append(name_);
        node.text = document_.pool_.size();
        document_.pool_.append(text);
        node.textEnd = document_.pool_.size();
        name_.clear();
        node.next = static_cast<std::uint32_t>(document_.nodes_.size() + 1);
        document_.nodes_.push_back(node);
        return true;
    }

    bool open(JsonKind kind) {
        if (open_.size() == deepestJson) {
            document_.problem_ = "is JSON nested deeper than " + std::to_string(deepestJson) + " levels";
            return false;
        }
        add(kind);
        open_.push_back(static_cast<std::uint32_t>(document_.nodes_.size() - 1));
        return true;
    }

    bool close() {
        document_.nodes_[open_.back()].next = static_cast<std::uint32_t>(document_.nodes_.size());
        open_.pop_back();
        return true;
    }

    JsonDocument& document_;
    std::string name_;
    std::vector<std::uint32_t> open_;
};

JsonDocument JsonDocument::parse(std::string_view text) {
    JsonDocument document;
    if (text.empty()) {
        document.problem_ = "is empty, which is no JSON";
    } else if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
        document.problem_ = "is larger than 4 GiB"; // a value's index has 32 bits
    } else {
        JsonReader reader(document);
        nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
    }
    if (!document.problem_.empty()) {
        document.nodes_.clear();
        document.pool_.clear();
    }
    return document;
}

JsonDocument JsonDocument::ofText(std::string_view text) {
    JsonDocument document;
    document.pool_ = text;
    Node node;
    node.kind = JsonKind::string;
    node.textEnd = text.size();
    node.next = 1;
    document.nodes_.push_back(node);
    return document;
}

JsonView JsonDocument::root() const noexcept {
    return nodes_.empty() ? JsonView() : JsonView(*this, 0);
}

std::string_view JsonView::text() const noexcept {
    return std::string_view(document_->pool_).substr(node().text, node().textEnd - node().text);
}

std::string_view JsonView::name() const noexcept {
    return std::string_view(document_->pool_).substr(node().name, node().text - node().name);
}

JsonView JsonView::member(std::string_view name) const noexcept {
    JsonView found;
    for (JsonView const child : *this) {
        if (child.name() == name) {
            found = child;
        }
    }
    return found;
}

JsonView JsonView::element(std::size_t index) const noexcept {
    if (index >= size()) {
        return {};
    }
    for (JsonView const child : *this) {
        if (index-- == 0) {
            return child;
        }
    }
    return {};
}

} // namespace httptest::v1
