#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leaks {

/// A text with an encoding undone, and where in the original each of its bytes began.
struct Decoded {
    std::string bytes;
    std::vector<std::size_t> origin;
};

/// One way to read a text.
struct Reading {
    std::string name;
    /// Nothing where the text reads like the original.
    std::function<std::optional<Decoded>(std::string_view)> read;
};

/// As they are, with each encoding undone, and with those undone one within another that meet in logs and reports.
std::vector<Reading> const& readings();

} // namespace leaks
