#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// The items of one resource, in the order of their creation; each is an object with a unique `id`. Thread-safe.
class Collection {
public:
    using Item = nlohmann::json;
    using Predicate = std::function<bool(Item const&)>;

    /// False, and nothing is added, where an item that is there already clashes with the new one.
    bool add(Item item, Predicate const& clashes);

    std::optional<Item> find(std::string const& id) const;
    std::vector<Item> all() const;
    bool any(Predicate const& holds) const;

    /// The changed item; nothing for an unknown id. What `change` throws leaves the item as it was.
    std::optional<Item> change(std::string const& id, std::function<void(Item&)> const& change);

    /// The removed item; nothing for an unknown id.
    std::optional<Item> remove(std::string const& id);

private:
    mutable std::mutex mutex_; // guards items_
    std::vector<Item> items_;
};

/// Whether an item has this name.
Collection::Predicate isNamed(std::string name);

} // namespace runai::testing
