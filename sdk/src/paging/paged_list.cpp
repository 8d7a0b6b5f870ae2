#include "expect/failing.hpp"
#include "expect/json_pointer.hpp"
#include "paging/page.hpp"
#include "session/refuse.hpp"

#include <httptest/error.hpp>
#include <httptest/paged_list.hpp>
#include <httptest/reporter.hpp>

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

using paging::Page;
using paging::PageProblem;

namespace {

constexpr std::size_t defaultMaxPages = 1000;
constexpr std::size_t defaultMaxItems = 100'000;
constexpr std::size_t shownDuplicates = 10;

/// Whether a query names a parameter.
bool names(std::string_view target, std::string_view parameter) {
    for (auto at = target.find('?'); at != std::string_view::npos; at = target.find('&', at + 1)) {
        std::string_view const rest = target.substr(at + 1);
        if (rest.starts_with(parameter) && rest.substr(parameter.size()).starts_with('=')) {
            return true;
        }
    }
    return false;
}

} // namespace

class PagedList::Impl {
public:
    Impl(RequestBuilder request, Location where) : request_(std::move(request)), where_(where) {
        std::string const target = request_.target();
        for (std::string_view const parameter : {"offset", "limit"}) {
            if (names(target, parameter)) {
                refuse("the request has a parameter '" + std::string(parameter) + "' of its own, which pages() sets; " +
                           "take it out (.limit(n) says how long a page is)",
                       where_);
            }
        }
    }

    struct Fetched {
        Exchange exchange;
        Page page;
    };

    template <class Value>
    void set(std::optional<Value>& setting, Value value, char const* name) {
        requireUnread(name);
        setting = std::move(value);
    }

    void setNumber(std::optional<std::uint64_t>& setting, std::uint64_t value, char const* name) {
        if (value == 0) {
            refuse(std::string(name) + "(0) leaves nothing to read; give more than zero", where_);
        }
        set(setting, value, name);
    }

    bool has(std::size_t page) {
        while (pages_.size() <= page && next_) {
            fetch();
        }
        return page < pages_.size();
    }

    std::size_t count() {
        while (next_) {
            fetch();
        }
        return items_;
    }

    std::vector<Fetched> const& pages() const noexcept { return pages_; }
    Exchange const* last() const noexcept { return pages_.empty() ? nullptr : &pages_.back().exchange; }

    std::optional<std::uint64_t> limit;
    std::optional<std::string> items;
    std::optional<std::uint64_t> maxPages;
    std::optional<std::uint64_t> maxItems;

private:
    void requireUnread(char const* name) const {
        if (!pages_.empty()) {
            refuse(std::string(name) + "() comes after the first page was read; call it before", where_);
        }
    }

    void fetch() {
        std::uint64_t const offset = *next_;
        if (pages_.size() >= maxPages.value_or(defaultMaxPages)) {
            endCase("the list has more than " + std::to_string(pages_.size()) + " pages; allow more with .maxPages(n)",
                    pages_.back().exchange);
        }
        RequestBuilder request = request_;
        if (offset > 0) {
            request.query("offset", offset);
        }
        if (limit) {
            request.query("limit", *limit);
        }
        Exchange const exchange = request.send(where_);
        exchange.requireStatus(200, where_);
        try {
            accept(offset, exchange);
        } catch (PageProblem const& problem) {
            endCase(problem.what(), exchange);
        }
    }

    void accept(std::uint64_t offset, Exchange const& exchange) {
        Page page = paging::readPage(exchange.body(), items);
        bool const same = page.bare && !pages_.empty() && exchange.body() == pages_.back().exchange.body();
        if (same || (page.bare && page.count == 0 && !pages_.empty())) {
            next_.reset(); // a server that pages no bare arrays answers with the first one again
            return;
        }
        next_ = paging::nextOffset(page, offset, limit);
        items_ += page.count;
        pages_.push_back({exchange, std::move(page)});
        if (items_ > maxItems.value_or(defaultMaxItems)) {
            endCase("the list has " + std::to_string(items_) + " items or more; allow them with .maxItems(n)",
                    exchange);
        }
    }

    [[noreturn]] void endCase(std::string const& what, Exchange const& exchange) {
        next_.reset();
        httptest::endCase(exchange, "pages(): " + what, where_);
    }

    RequestBuilder request_;
    Location where_;
    std::vector<Fetched> pages_;
    std::size_t items_ = 0;
    std::optional<std::uint64_t> next_ = 0; ///< Offset of the page to fetch; nothing after the last.
};

PagedList::PagedList(RequestBuilder request, Location where)
    : impl_(std::make_unique<Impl>(std::move(request), where)) {}

PagedList::~PagedList() = default;

void PagedList::limit(std::uint64_t items) {
    impl_->setNumber(impl_->limit, items, "limit");
}

void PagedList::items(std::string pointer) {
    impl_->set(impl_->items, std::move(pointer), "items");
}

void PagedList::maxPages(std::size_t pages) {
    impl_->setNumber(impl_->maxPages, pages, "maxPages");
}

void PagedList::maxItems(std::size_t items) {
    impl_->setNumber(impl_->maxItems, items, "maxItems");
}

bool PagedList::has(std::size_t page) {
    return impl_->has(page);
}

Exchange const& PagedList::page(std::size_t page) const {
    return impl_->pages().at(page).exchange;
}

std::string const& PagedList::itemsOf(std::size_t page) const {
    return impl_->pages().at(page).page.items;
}

std::size_t PagedList::count() {
    return impl_->count();
}

void PagedList::expectCount(std::size_t expected, Location where) {
    std::size_t const found = count();
    if (found == expected) {
        report(Outcome::passed, where, {});
        return;
    }
    fail(*impl_->last(),
         "expected a list of " + std::to_string(expected) + " items, got " + std::to_string(found) + " on " +
             std::to_string(impl_->pages().size()) + " pages; the last one:",
         Outcome::failed, where);
}

void PagedList::expectNoDuplicates(std::string const& pointer, Location where) {
    JsonPointer const checked(pointer, where);
    count();
    std::map<std::string, std::size_t> seen; // value to the number of its first item
    std::vector<std::string> problems;
    std::size_t item = 0;
    bool explained = false;
    for (auto const& [exchange, page] : impl_->pages()) {
        std::size_t index = 0;
        for (std::optional<std::string>& value : paging::valuesAt(exchange.body(), page, pointer)) {
            ++item;
            if (!value) {
                std::string problem = "item " + std::to_string(item) + " has no " + pointer;
                if (!std::exchange(explained, true)) { // a slip is the same in all of them
                    problem += ": " + paging::absenceAt(exchange.body(), page, index, pointer);
                }
                problems.push_back(std::move(problem));
            } else if (auto const [first, isNew] = seen.emplace(std::move(*value), item); !isNew) {
                problems.push_back("item " + std::to_string(item) + " has the " + pointer + " of item " +
                                   std::to_string(first->second) + ": " + first->first);
            }
            ++index;
        }
    }
    if (problems.empty()) {
        report(Outcome::passed, where, {});
        return;
    }
    std::string text = "the items do not each have a " + pointer + " of their own:\n";
    for (std::size_t i = 0; i < problems.size() && i < shownDuplicates; ++i) {
        text.append("  ").append(problems[i]).append("\n");
    }
    if (problems.size() > shownDuplicates) {
        text.append("  … and ").append(std::to_string(problems.size() - shownDuplicates)).append(" more\n");
    }
    fail(*impl_->last(), text + "the last page:", Outcome::failed, where);
}

} // namespace httptest::v1
