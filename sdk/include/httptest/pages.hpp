#pragma once

#include <httptest/abi.hpp>
#include <httptest/exchange.hpp>
#include <httptest/location.hpp>
#include <httptest/paged_list.hpp>
#include <httptest/session.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

/// All items of a list, page by page: an input range. Copies share the pages, each of which is fetched once.
template <class Json>
class Pages {
public:
    class Iterator;

    explicit Pages(std::shared_ptr<PagedList> list) : list_(std::move(list)) {}

    /// How many items to ask for at a time; without it the server chooses.
    [[nodiscard]] Pages limit(std::uint64_t items) const { return list_->limit(items), *this; }

    /// Where a page has its items: "/projects". Needed where it has several arrays.
    [[nodiscard]] Pages items(std::string pointer) const { return list_->items(std::move(pointer)), *this; }

    /// Ends the case when the list is longer; 1,000 pages and 100,000 items without it.
    [[nodiscard]] Pages maxPages(std::size_t pages) const { return list_->maxPages(pages), *this; }
    [[nodiscard]] Pages maxItems(std::size_t items) const { return list_->maxItems(items), *this; }

    // These read the whole list.

    Pages expectCount(std::size_t expected, Location where = Location::current()) const {
        return list_->expectCount(expected, where), *this;
    }

    /// Expects no two items to be equal at `pointer`, and each to have something there: "/id".
    Pages expectNoDuplicates(std::string const& pointer, Location where = Location::current()) const {
        return list_->expectNoDuplicates(pointer, where), *this;
    }

    std::size_t count() const { return list_->count(); }

    std::vector<Json> all() const {
        std::vector<Json> items;
        for (Json const& item : *this) {
            items.push_back(item);
        }
        return items;
    }

    Iterator begin() const { return Iterator(list_); }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    std::shared_ptr<PagedList> list_;
};

template <class Json>
class Pages<Json>::Iterator {
public:
    using value_type = Json;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    explicit Iterator(std::shared_ptr<PagedList> list) : list_(std::move(list)) { findItem(); }

    Json const& operator*() const { return items_[item_]; }
    Json const* operator->() const { return &items_[item_]; }

    Iterator& operator++() {
        ++item_;
        findItem();
        return *this;
    }
    void operator++(int) { ++*this; }

    friend bool operator==(Iterator const& at, std::default_sentinel_t) { return at.list_ == nullptr; }

private:
    /// Goes on to the next page that has items where this one has no more.
    void findItem() {
        while (item_ >= items_.size()) {
            if (!list_->has(page_)) {
                list_ = nullptr;
                return;
            }
            Json page = list_->page(page_).template json<Json>();
            items_ = std::move(page.at(typename Json::json_pointer(list_->itemsOf(page_))));
            item_ = 0;
            ++page_;
        }
    }

    std::shared_ptr<PagedList> list_; // null at the end
    Json items_ = Json::array();
    std::size_t page_ = 0; // the next one
    std::size_t item_ = 0;
};

/// The items of a list, whichever way it is paged: by `next`, `pagination.nextOffset` or `totalRecords` with the
/// parameters `offset` and `limit`, or not at all (a bare array). Ends the case when a page is not answered by 200, is
/// no list, or leads nowhere.
///
///     for (auto const& project : pages(session, "/api/v1/org-unit/projects").limit(50).expectNoDuplicates("/id")) {
///         BOOST_TEST(project["name"] != "");
///     }
///
/// Include <nlohmann/json.hpp> where you call it.
/// @throws InvalidRequest  The request has an `offset` or `limit` of its own.
template <class Json = nlohmann::json>
[[nodiscard]] Pages<Json> pages(RequestBuilder request, Location where = Location::current()) {
    return Pages<Json>(std::make_shared<PagedList>(std::move(request), where));
}

template <class Json = nlohmann::json>
[[nodiscard]] Pages<Json> pages(Session const& session, std::string_view path, Location where = Location::current()) {
    return pages<Json>(session.get(path), where);
}

} // namespace httptest::v1
