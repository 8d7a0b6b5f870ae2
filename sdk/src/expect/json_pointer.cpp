#include "expect/json_pointer.hpp"

#include "config/nearest.hpp"
#include "expect/json_text.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace httptest::inline v1 {

namespace {

/// Of an object's members, in the explanation of what is not among them.
constexpr std::size_t membersNamed = 12;
constexpr std::size_t membersCompared = 1000;

[[noreturn]] void refusePointer(std::string_view text, std::string const& why, Location where) {
    InvalidExpectation error("'" + std::string(text) + "' is no JSON Pointer (RFC 6901): " + why);
    error.setLocation(where);
    throw error; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
}

std::string unescaped(std::string_view token, std::string_view pointer, Location where) {
    std::string result;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            result.push_back(token[i]);
            continue;
        }
        char const escaped = i + 1 < token.size() ? token[++i] : '\0';
        if (escaped != '0' && escaped != '1') {
            refusePointer(pointer, "'~' is followed by 0 or 1; write '~0' for '~' and '~1' for '/' in a name", where);
        }
        result.push_back(escaped == '0' ? '~' : '/');
    }
    return result;
}

/// An index without leading zeros.
std::optional<std::size_t> indexOf(std::string_view token) noexcept {
    std::size_t index = 0;
    auto const [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    bool const whole = error == std::errc() && end == token.data() + token.size();
    return whole && (token == "0" || !token.starts_with('0')) ? std::optional(index) : std::nullopt;
}

std::string elementsOf(JsonView array, std::string const& subject, std::string const& token) {
    std::string text = subject + " is an array of " + counted(array.size(), "element");
    if (array.size() > 0) {
        text += " (0 to " + std::to_string(array.size() - 1) + ")";
    }
    return indexOf(token) ? text : text + ", of which '" + token + "' is no index";
}

std::string membersOf(JsonView object, std::string const& subject, std::string const& name) {
    std::string text = subject + " has no member " + inJsonQuotes(name);
    if (object.size() == 0) {
        return text + ", it is an empty object";
    }
    text += "; it has ";
    std::vector<std::string> names;
    std::size_t count = 0;
    for (JsonView const child : object) {
        if (count < membersNamed) {
            text += (count > 0 ? ", " : "") + inJsonQuotes(child.name());
        }
        if (++count <= membersCompared && child.name().size() <= 2 * name.size()) {
            names.emplace_back(child.name());
        }
    }
    if (count > membersNamed) {
        text += " and " + std::to_string(count - membersNamed) + " more";
    }
    std::string const meant = nearest(name, names);
    return meant.empty() ? text : text + " (did you mean " + inJsonQuotes(meant) + "?)";
}

} // namespace

JsonPointer::JsonPointer(std::string_view text, Location where) : text_(text) {
    if (!text.empty() && !text.starts_with('/')) {
        refusePointer(text, "it must be empty, for the whole body, or begin with '/'", where);
    }
    while (!text.empty()) {
        text.remove_prefix(1);
        auto const end = std::min(text.find('/'), text.size());
        tokens_.push_back(unescaped(text.substr(0, end), text_, where));
        text.remove_prefix(end);
    }
}

JsonView JsonPointer::step(JsonView from, std::string const& token) noexcept {
    if (from.kind() == JsonKind::object) {
        return from.member(token);
    }
    std::optional<std::size_t> const index = from.kind() == JsonKind::array ? indexOf(token) : std::nullopt;
    return index ? from.element(*index) : JsonView();
}

JsonView JsonPointer::find(JsonView root) const noexcept {
    JsonView at = root;
    for (auto token = tokens_.begin(); token != tokens_.end() && at.exists(); ++token) {
        at = step(at, *token);
    }
    return at;
}

std::string JsonPointer::explainAbsence(JsonView root) const {
    JsonView at = root;
    std::string walked;
    for (std::string const& token : tokens_) {
        JsonView const next = step(at, token);
        if (!next.exists()) {
            std::string const subject = subjectOf(walked);
            return at.kind() == JsonKind::object  ? membersOf(at, subject, token)
                   : at.kind() == JsonKind::array ? elementsOf(at, subject, token)
                                                  : subject + " is " + describe(at.kind()) + " and has no members";
        }
        walked += "/" + pointerToken(token);
        at = next;
    }
    return {};
}

std::string JsonPointer::memberName() const {
    return tokens_.empty() || indexOf(tokens_.back()) ? std::string() : tokens_.back();
}

std::string pointerToken(std::string_view name) {
    std::string token;
    for (char const c : name) {
        token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return token;
}

std::string subjectOf(std::string_view pointer) {
    return pointer.empty() ? "the body" : std::string(pointer);
}

} // namespace httptest::v1
