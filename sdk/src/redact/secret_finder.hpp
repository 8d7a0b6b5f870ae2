#pragma once

#include "redact/decoded_text.hpp"

#include <httptest/abi.hpp>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace httptest::inline v1 {

/// Finds secrets in a text in one pass, however many there are.
class SecretFinder {
public:
    /// The shortest secret that can be told from ordinary text.
    static constexpr std::size_t shortestSecret = 8;

    /// @pre `secret` has that length at least, and was not added before.
    void add(std::string_view secret);
    void remove(std::string_view secret) noexcept;

    /// Appends where a text, read in this way, holds a secret: itself, or in an encoding that leaves none of its
    /// characters. One that the text's end cuts counts from twelve characters on.
    void findIn(DecodedText const& reading, std::vector<TextSpan>& found) const;

private:
    /// A form from its `skipped`th character on.
    struct Needle {
        std::string const* form;
        std::size_t skipped;
    };

    void enter(std::string const& form, std::size_t skipped);
    static void findAt(DecodedText const& reading, std::size_t at, Needle const& needle, std::vector<TextSpan>& found);

    static constexpr unsigned hashBits = 16;

    std::map<std::string, std::vector<std::string>, std::less<>> forms_; ///< Of each secret, the secret first.
    std::unordered_multimap<std::uint64_t, Needle> needles_;             ///< By their first eight characters.
    std::bitset<std::size_t{1} << hashBits> beginnings_;                 ///< Hashes of these.
};

} // namespace httptest::v1
