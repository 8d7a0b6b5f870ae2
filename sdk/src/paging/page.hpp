#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::paging {

/// What one page of a list says of itself.
struct Page {
    std::string items; ///< JSON pointer to the array; empty where the page is a bare array.
    std::size_t count = 0;
    std::optional<std::uint64_t> next;  ///< The next page's offset: `next` or `pagination.nextOffset`.
    std::optional<std::uint64_t> total; ///< `totalRecords`, there or in `pagination`.
    bool bare = false;                  ///< The page is the array itself, which says nothing of others.
};

/// A page that cannot be read, with what to do about it.
class PageProblem : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// @param items  JSON pointer to the array; nothing to take the only array among the page's members.
/// @throws PageProblem
Page readPage(std::string_view body, std::optional<std::string> const& items);

/// The offset of the page after `page`; nothing when it is the last.
///
/// @param offset  Of `page`.
/// @param limit   What was asked for; nothing where nothing was.
/// @throws PageProblem  The page's `next` does not lead on, or the list ends before its total.
std::optional<std::uint64_t> nextOffset(Page const& page, std::uint64_t offset, std::optional<std::uint64_t> limit);

/// The elements of `items` at `pointer`, a well-formed one, each as its JSON text; nothing for one that has no such place.
std::vector<std::optional<std::string>> valuesAt(std::string_view body, Page const& page, std::string const& pointer);

/// Why the element of this index has nothing at `pointer`, with what it has instead.
std::string absenceAt(std::string_view body, Page const& page, std::size_t index, std::string const& pointer);

} // namespace httptest::paging
