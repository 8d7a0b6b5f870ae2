#pragma once

#include "expect/json_document.hpp"

#include <httptest/location.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// A place in a JSON document (RFC 6901): "" for the whole, "/items/0/name" for something in it.
class JsonPointer {
public:
    /// @throws InvalidExpectation  Malformed; names the text, and `where`.
    explicit JsonPointer(std::string_view text, Location where = {});

    /// What it leads to; nothing when it leads nowhere.
    JsonView find(JsonView root) const noexcept;

    /// How far it leads and what is there: "/status has no member 'phase'; it has 'actualPhase'".
    /// @pre It leads nowhere.
    std::string explainAbsence(JsonView root) const;

    std::string const& text() const noexcept { return text_; }

    /// The name of the member it leads to; empty for elements and the whole document.
    std::string memberName() const;

private:
    static JsonView step(JsonView from, std::string const& token) noexcept;

    std::string text_;
    std::vector<std::string> tokens_;
};

/// A name as a token of a pointer: '~' and '/' escaped.
std::string pointerToken(std::string_view name);

/// A pointer as the subject of a sentence: the pointer itself, or "the body".
std::string subjectOf(std::string_view pointer);

} // namespace httptest::v1
