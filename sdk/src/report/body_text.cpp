#include "report/body_text.hpp"

#include "expect/json_document.hpp"
#include "report/excerpt.hpp"
#include "report/json_layout.hpp"

#include <httptest/redactor.hpp>

#include <string_view>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t shownBodyBytes = 2000;
constexpr std::size_t bodyIndent = 2;

bool isJson(std::string const& body, Headers const& headers) {
    std::string const* const type = headers.find("Content-Type");
    bool const structure = body.find_first_of("{[") == body.find_first_not_of(" \t\r\n");
    return structure && ((type != nullptr && type->find("json") != std::string::npos) ||
                         (body.size() <= examinedBytes && JsonDocument::parse(body).problem().empty()));
}

} // namespace

std::string bodyText(std::string const& body, Headers const& headers) {
    if (body.empty()) {
        return {};
    }
    std::string_view const examined = examinedPart(body);
    std::string shown = redacted(examined);
    if (isJson(body, headers)) {
        shown = layOutJson(shown, bodyIndent, shownBodyBytes);
    }
    std::string_view const start = cutText(shown, shownBodyBytes);
    std::string text = "  " + std::string(start) + "\n";
    if (start.size() < shown.size() || examined.size() < body.size()) {
        text += "  … (" + std::to_string(body.size()) + " bytes in all)\n";
    }
    return text;
}

} // namespace httptest::v1
