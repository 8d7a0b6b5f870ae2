#include "trace/body_excerpt.hpp"

#include "report/excerpt.hpp"

#include <cstddef>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t tracedBodyBytes = 2000;

} // namespace

std::string bodyExcerpt(Headers const& headers, std::string_view body) {
    if (std::string encoded = encodedBody(headers, body); !encoded.empty()) {
        return encoded;
    }
    Excerpt excerpt = redactedExcerpt(body, tracedBodyBytes);
    if (!excerpt.whole) {
        excerpt.text.append("\n… (").append(std::to_string(body.size())).append(" bytes in all)");
    }
    return std::move(excerpt.text);
}

} // namespace httptest::v1
