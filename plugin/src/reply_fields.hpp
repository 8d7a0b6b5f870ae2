#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace runai {

/// An array or object, of which nothing more is kept.
struct Nested {};

/// A member of a JSON object as login replies use them. Whole numbers beyond 64 bits are doubles.
using FieldValue = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Nested>;

/// The top-level members of a login reply. Of equal names the last one counts. Texts are wiped at the end, for one of
/// them is the token.
class ReplyFields {
public:
    ReplyFields() = default;
    ReplyFields(ReplyFields&&) noexcept = default;
    ReplyFields& operator=(ReplyFields&&) noexcept = default;
    ReplyFields(ReplyFields const&) = delete;
    ReplyFields& operator=(ReplyFields const&) = delete;
    ~ReplyFields();

    /// Null when there is none of this name.
    FieldValue const* find(std::string_view name) const;

    /// Null when there is none of this name or when it is no text.
    std::string const* text(std::string_view name) const;

    void set(std::string name, FieldValue value);

private:
    std::map<std::string, FieldValue, std::less<>> fields_;
};

/// What a reply's body turned out to be.
struct ReplyBody {
    ReplyFields fields; ///< Empty when there is a fault.
    /// "is empty", "is no JSON", …; empty when the body is a JSON object.
    std::string fault;
};

/// Reads a body as a JSON object: in one pass, without building what is nested in it.
ReplyBody readReplyBody(std::string_view body);

} // namespace runai
