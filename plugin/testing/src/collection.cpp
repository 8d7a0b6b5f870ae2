#include "collection.hpp"

#include <algorithm>
#include <utility>

namespace runai::testing {

namespace {

bool hasId(nlohmann::json const& item, std::string const& id) {
    auto const& own = item.at("id");
    return own.is_string() ? own == id : own.dump() == id;
}

template <typename Items>
auto position(Items& items, std::string const& id) {
    return std::find_if(items.begin(), items.end(), [&](auto const& item) { return hasId(item, id); });
}

} // namespace

bool Collection::add(Item item, Predicate const& clashes) {
    std::scoped_lock const lock(mutex_);
    if (std::any_of(items_.begin(), items_.end(), clashes)) {
        return false;
    }
    items_.push_back(std::move(item));
    return true;
}

std::optional<Collection::Item> Collection::find(std::string const& id) const {
    std::scoped_lock const lock(mutex_);
    auto const item = position(items_, id);
    return item == items_.end() ? std::nullopt : std::optional(*item);
}

std::vector<Collection::Item> Collection::all() const {
    std::scoped_lock const lock(mutex_);
    return items_;
}

bool Collection::any(Predicate const& holds) const {
    std::scoped_lock const lock(mutex_);
    return std::any_of(items_.begin(), items_.end(), holds);
}

std::optional<Collection::Item> Collection::change(std::string const& id, std::function<void(Item&)> const& change) {
    std::scoped_lock const lock(mutex_);
    auto const item = position(items_, id);
    if (item == items_.end()) {
        return std::nullopt;
    }
    auto changed = *item;
    change(changed);
    return *item = std::move(changed);
}

std::optional<Collection::Item> Collection::remove(std::string const& id) {
    std::scoped_lock const lock(mutex_);
    auto const item = position(items_, id);
    if (item == items_.end()) {
        return std::nullopt;
    }
    auto removed = std::move(*item);
    items_.erase(item);
    return removed;
}

Collection::Predicate isNamed(std::string name) {
    return [name = std::move(name)](Collection::Item const& item) { return item.at("name") == name; };
}

} // namespace runai::testing
