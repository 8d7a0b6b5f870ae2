#include "paging/page.hpp"

#include "expect/json_document.hpp"
#include "expect/json_pointer.hpp"

#include <nlohmann/json.hpp>

namespace httptest::paging {

namespace {

using Json = nlohmann::json;

Json parsed(std::string_view body) {
    Json json = Json::parse(body, nullptr, false);
    if (json.is_discarded()) {
        throw PageProblem("the page is no JSON");
    }
    return json;
}

Json::json_pointer pointerOf(std::string const& text) {
    try {
        return Json::json_pointer(text);
    } catch (Json::exception const&) {
        throw PageProblem("'" + text + "' is no JSON pointer; it begins with '/', as in \"/projects\"");
    }
}

/// The member as part of a JSON pointer (RFC 6901 section 3).
std::string escaped(std::string const& name) {
    std::string result = "/";
    for (char const c : name) {
        result.append(c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c));
    }
    return result;
}

std::string onlyArray(Json const& page) {
    if (page.is_array()) {
        return {};
    }
    if (!page.is_object()) {
        throw PageProblem("the page is neither an array nor an object");
    }
    std::string found;
    std::string arrays;
    std::string members;
    std::size_t count = 0;
    for (auto const& [name, value] : page.items()) {
        members.append(members.empty() ? "" : ", ").append(name);
        if (value.is_array()) {
            found = escaped(name);
            arrays.append(arrays.empty() ? "" : ", ").append(name);
            ++count;
        }
    }
    if (count == 0) {
        throw PageProblem("the page has no array among its members (" + members +
                          "); say where its items are: .items(\"/…\")");
    }
    if (count > 1) {
        throw PageProblem("the page has several arrays (" + arrays + "); say which holds its items: .items(\"" + found +
                          "\")");
    }
    return found;
}

std::optional<std::uint64_t> number(Json const& object, char const* name) {
    auto const found = object.find(name);
    if (found == object.end() || found->is_null()) {
        return std::nullopt;
    }
    if (!found->is_number_unsigned()) {
        throw PageProblem("the page's " + std::string(name) + " is " +
                          found->dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 60) +
                          ", which is no offset");
    }
    return found->get<std::uint64_t>();
}

} // namespace

Page readPage(std::string_view body, std::optional<std::string> const& items) {
    Json const json = parsed(body);
    Page page;
    page.items = items ? *items : onlyArray(json);
    Json::json_pointer const pointer = pointerOf(page.items);
    if (!json.contains(pointer) || !json.at(pointer).is_array()) {
        throw PageProblem("the page has no array at '" + page.items + "'");
    }
    page.count = json.at(pointer).size();
    page.bare = json.is_array();
    if (!json.is_object()) {
        return page;
    }
    page.next = number(json, "next");
    page.total = number(json, "totalRecords");
    if (auto const pagination = json.find("pagination"); pagination != json.end() && pagination->is_object()) {
        page.next = page.next ? page.next : number(*pagination, "nextOffset");
        page.total = page.total ? page.total : number(*pagination, "totalRecords");
    }
    return page;
}

std::optional<std::uint64_t> nextOffset(Page const& page, std::uint64_t offset, std::optional<std::uint64_t> limit) {
    if (page.next) {
        if (*page.next <= offset) {
            throw PageProblem("the page at offset " + std::to_string(offset) + " names " + std::to_string(*page.next) +
                              " as the next one, which does not lead on");
        }
        return page.next;
    }
    std::uint64_t const seen = offset + page.count;
    if (page.total) {
        if (seen >= *page.total) {
            return std::nullopt;
        }
        if (page.count == 0) {
            throw PageProblem("the list has " + std::to_string(*page.total) + " records, it says, and ends after " +
                              std::to_string(seen));
        }
        return seen;
    }
    // A bare array as long as was asked for may have a successor; a longer one shows that nobody looked at the limit.
    return page.bare && limit && page.count == *limit ? std::optional(seen) : std::nullopt;
}

std::vector<std::optional<std::string>> valuesAt(std::string_view body, Page const& page, std::string const& pointer) {
    Json const json = parsed(body);
    Json::json_pointer const place = pointerOf(pointer);
    std::vector<std::optional<std::string>> values;
    for (Json const& item : json.at(pointerOf(page.items))) {
        bool const has = (item.is_structured() || pointer.empty()) && item.contains(place);
        values.push_back(has ? std::optional(item.at(place).dump(-1, ' ', false, Json::error_handler_t::replace))
                             : std::nullopt);
    }
    return values;
}

std::string absenceAt(std::string_view body, Page const& page, std::size_t index, std::string const& pointer) {
    JsonDocument const document = JsonDocument::parse(body);
    return JsonPointer(page.items + "/" + std::to_string(index) + pointer).explainAbsence(document.root());
}

} // namespace httptest::paging
