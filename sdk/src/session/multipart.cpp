#include "session/checked_wishes.hpp"

#include <httptest/multipart.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

void refuseLineBreaks(std::string_view text, char const* what, Location where) {
    if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
        refuseRequest(std::string("the ") + what + " of a multipart part contains CR, LF or NUL", where);
    }
}

/// A quoted parameter. Browsers escape the quote this way and leave a backslash alone.
/// @see WHATWG HTML, "multipart/form-data"; RFC 7578 section 4.2
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        result.append(c == '"' ? "%22" : std::string_view(&c, 1));
    }
    return result.append("\"");
}

std::string disposition(std::string_view name, Location where) {
    if (name.empty()) {
        refuseRequest("a multipart part needs a name", where);
    }
    refuseLineBreaks(name, "name", where);
    return "Content-Disposition: form-data; name=" + quoted(name);
}

} // namespace

Multipart& Multipart::field(std::string_view name, std::string content, Location where) {
    parts_.push_back({disposition(name, where), std::move(content)});
    return *this;
}

Multipart& Multipart::file(std::string_view name, std::string_view fileName, std::string content,
                           std::string_view contentType, Location where) {
    std::string head = disposition(name, where);
    refuseLineBreaks(fileName, "file name", where);
    refuseLineBreaks(contentType, "media type", where);
    head.append("; filename=").append(quoted(fileName)).append("\r\nContent-Type: ").append(contentType);
    parts_.push_back({std::move(head), std::move(content)});
    return *this;
}

std::string Multipart::boundary() const {
    // Counted, not random: a test's body is the same in each run.
    for (std::size_t number = 0;; ++number) {
        std::string candidate = "----httptest-" + std::to_string(number);
        if (std::none_of(parts_.begin(), parts_.end(), [&](Part const& part) {
                return part.content.find(candidate) != std::string::npos ||
                       part.head.find(candidate) != std::string::npos;
            })) {
            return candidate;
        }
    }
}

std::string Multipart::text(std::string_view boundary) const {
    std::string result;
    for (Part const& part : parts_) {
        result.append("--").append(boundary).append("\r\n").append(part.head).append("\r\n\r\n");
        result.append(part.content).append("\r\n");
    }
    return result.append("--").append(boundary).append("--\r\n");
}

} // namespace httptest::v1
