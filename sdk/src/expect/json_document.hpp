#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

/// "a string", "an array", …
char const* describe(JsonKind kind) noexcept;

/// Deeper bodies are no test data but an attack on parsers.
inline constexpr std::size_t deepestJson = 128;

class JsonView;

/// A JSON text, read once: a flat list of values in the text's order, each of which knows where the next one begins.
///
/// Numbers stay as they were written, since what a double cannot hold must still compare right. Immutable.
class JsonDocument {
public:
    /// A text that is no JSON makes a document without values, with `problem()` set.
    static JsonDocument parse(std::string_view text);

    /// A document that is this one string.
    static JsonDocument ofText(std::string_view text);

    /// Nothing where the text is no JSON. Views end with the document.
    JsonView root() const noexcept;

    /// "is no JSON from byte 7 on": follows a subject. Empty for JSON.
    std::string const& problem() const noexcept { return problem_; }

private:
    friend class JsonView;
    friend class JsonReader;

    struct Node {
        std::size_t name = 0; ///< Where the member's name begins in `pool_`.
        std::size_t text = 0; ///< Where a string's content or a number's digits begin, and where the name ends.
        std::size_t textEnd = 0;
        std::uint32_t next = 0; ///< The index after this value and all in it.
        std::uint32_t size = 0; ///< Elements or members.
        JsonKind kind = JsonKind::null;
        bool boolean = false;
    };

    std::vector<Node> nodes_;
    std::string pool_;
    std::string problem_;
};

/// A value of a document, or nothing. Cheap to copy.
class JsonView {
public:
    JsonView() = default;

    bool exists() const noexcept { return document_ != nullptr; }

    /// @pre It exists; so for all below.
    JsonKind kind() const noexcept { return node().kind; }
    bool boolean() const noexcept { return node().boolean; }
    /// A string's content, or a number as it was written.
    std::string_view text() const noexcept;
    /// The name it has as a member; empty for others.
    std::string_view name() const noexcept;
    /// Elements or members; 0 for scalars.
    std::size_t size() const noexcept { return node().size; }

    /// The last member of this name, as most parsers choose among duplicates; nothing when there is none.
    JsonView member(std::string_view name) const noexcept;
    JsonView element(std::size_t index) const noexcept;

    /// Elements or members in their order.
    class Iterator;
    Iterator begin() const noexcept;
    Iterator end() const noexcept;

    bool isContainer() const noexcept { return kind() == JsonKind::array || kind() == JsonKind::object; }

private:
    friend class JsonDocument;

    JsonView(JsonDocument const& document, std::uint32_t index) noexcept : document_(&document), index_(index) {}

    JsonDocument::Node const& node() const noexcept { return document_->nodes_[index_]; }

    JsonDocument const* document_ = nullptr;
    std::uint32_t index_ = 0;
};

class JsonView::Iterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = JsonView;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = JsonView;

    Iterator() = default;
    explicit Iterator(JsonView at) noexcept : at_(at) {}

    JsonView operator*() const noexcept { return at_; }
    Iterator& operator++() noexcept {
        at_.index_ = at_.node().next;
        return *this;
    }
    Iterator operator++(int) noexcept {
        Iterator const before = *this;
        ++*this;
        return before;
    }
    bool operator==(Iterator const& other) const noexcept { return at_.index_ == other.at_.index_; }

private:
    JsonView at_;
};

inline JsonView::Iterator JsonView::begin() const noexcept {
    return Iterator(JsonView(*document_, index_ + 1));
}

inline JsonView::Iterator JsonView::end() const noexcept {
    return Iterator(JsonView(*document_, node().next));
}

} // namespace httptest::v1
