#pragma once

#include <httptest/abi.hpp>
#include <httptest/exchange.hpp>
#include <httptest/location.hpp>
#include <httptest/session.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace httptest::inline v1 {

/// The pages of a list, each fetched once, when it is first asked for, and kept. What `pages` makes a range of; it knows
/// offsets and limits and leaves the items to others. Not thread-safe.
class HTTPTEST_API PagedList {
public:
    PagedList(RequestBuilder request, Location where);
    ~PagedList();
    PagedList(PagedList const&) = delete;
    PagedList& operator=(PagedList const&) = delete;

    // Before the first page. @throws InvalidRequest  Zero, or too late.

    void limit(std::uint64_t items);
    void items(std::string pointer);
    void maxPages(std::size_t pages);
    void maxItems(std::size_t items);

    /// Whether there is such a page, counted from 0; fetches those up to it. Ends the case when one cannot be had.
    bool has(std::size_t page);

    /// @pre `has(page)`
    Exchange const& page(std::size_t page) const;
    /// JSON pointer to the page's array. @pre `has(page)`
    std::string const& itemsOf(std::size_t page) const;

    // Fetch all of it.

    std::size_t count();
    void expectCount(std::size_t expected, Location where);
    void expectNoDuplicates(std::string const& pointer, Location where);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::v1
