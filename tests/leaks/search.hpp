#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace leaks {

/// A secret that may be found nowhere, and what to call it.
struct Canary {
    std::string name;
    std::string value;
};

/// A canary that was found, told without its value.
struct Leak {
    std::string place; ///< A file's path, or what the text is.
    std::size_t offset = 0;
    std::string form; ///< How it is written there.
    std::string canary;
    std::size_t length = 0; ///< Of the part that was found.
};

std::ostream& operator<<(std::ostream& stream, Leak const& leak);

/// Looks for canaries in every form, and for parts of them. Thread-safe once made.
class Search {
public:
    /// A part of so many characters is a leak; of a shorter canary the whole.
    static constexpr std::size_t shortestPart = 12;

    /// @throws std::invalid_argument  A canary is too short to be told from ordinary text.
    explicit Search(std::vector<Canary> canaries);

    std::vector<Leak> inText(std::string const& place, std::string_view text) const;

    /// In the content of every file, in every name, and in what links point to.
    std::vector<Leak> inFolder(std::filesystem::path const& folder) const;

private:
    struct Position {
        std::size_t canary;
        std::size_t offset;
    };
    struct Run;

    bool mayBeginAt(std::string_view text, std::size_t at) const;
    void findParts(std::string_view text, std::vector<Run>& runs) const;
    void findWhole(std::string_view text, std::vector<Run>& runs) const;

    std::vector<Canary> canaries_;
    std::vector<std::size_t> short_;                         ///< Canaries that are looked for whole.
    std::unordered_map<std::string_view, Position> partsAt_; ///< Views into `canaries_`.
    std::vector<bool> beginnings_;                           ///< By the hash of a part's first bytes.
};

} // namespace leaks
