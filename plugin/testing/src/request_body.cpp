#include "request_body.hpp"

#include "bad_request.hpp"

#include <algorithm>

namespace runai::testing {

namespace {

constexpr std::string_view lowerCase = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view lowerCaseAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view innerCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_";

/// ^[a-z][-_a-z0-9]*[a-z0-9]$
bool isAccountName(std::string const& text) {
    return text.size() >= 2 && lowerCase.find(text.front()) != std::string_view::npos &&
           text.find_first_not_of(innerCharacters) == std::string::npos &&
           lowerCaseAndDigits.find(text.back()) != std::string_view::npos;
}

BadRequest missingParameter(char const* name) {
    return BadRequest(std::string("Required parameter is missing: ") + name);
}

BadRequest wrongParameter(char const* name, std::string const& wanted) {
    return BadRequest(std::string("The parameter ") + name + " must be " + wanted + ".");
}

} // namespace

RequestBody::RequestBody(Request const& request) : json_(nlohmann::json::parse(request.body, nullptr, false)) {
    if (!json_.is_object()) {
        throw BadRequest("The body must be a JSON object.");
    }
}

std::string RequestBody::text(char const* name) const {
    auto value = text(name, {});
    if (value.empty()) {
        throw missingParameter(name);
    }
    return value;
}

std::string RequestBody::text(char const* name, std::string const& fallback) const {
    auto const member = json_.find(name);
    if (member == json_.end() || member->is_null()) {
        return fallback;
    }
    if (!member->is_string()) {
        throw wrongParameter(name, "a string");
    }
    return member->get<std::string>();
}

std::string RequestBody::oneOf(char const* name, std::initializer_list<std::string_view> choices) const {
    auto value = text(name);
    if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
        std::string list;
        for (auto const choice : choices) {
            list += (list.empty() ? "" : ", ") + std::string(choice);
        }
        throw wrongParameter(name, "one of " + list);
    }
    return value;
}

std::string RequestBody::accountName(char const* name) const {
    auto value = text(name);
    if (!isAccountName(value)) {
        throw wrongParameter(name, "lower-case letters, digits, '-' and '_', a letter first, a letter or digit last");
    }
    return value;
}

std::int64_t RequestBody::integer(char const* name) const {
    auto const member = json_.find(name);
    if (member == json_.end()) {
        throw missingParameter(name);
    }
    if (!member->is_number_integer()) {
        throw wrongParameter(name, "an integer");
    }
    return member->get<std::int64_t>();
}

RequestBody RequestBody::object(char const* name) const {
    auto const member = json_.find(name);
    if (member == json_.end() || member->is_null()) {
        return RequestBody(nlohmann::json::object());
    }
    if (!member->is_object()) {
        throw wrongParameter(name, "an object");
    }
    return RequestBody(*member);
}

} // namespace runai::testing
