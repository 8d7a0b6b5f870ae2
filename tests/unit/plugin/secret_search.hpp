#pragma once

#include "support/spellings.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace runai::testing {

/// The first piece of eight characters of any spelling of `secret` that `text` shows; empty when it shows none.
inline std::string shownPiece(std::string_view text, std::string const& secret) {
    constexpr std::size_t piece = 8;
    for (std::string const& spelling : httptest::testing::spellingsOf(secret)) {
        for (std::size_t at = 0; at + piece <= spelling.size(); ++at) {
            if (text.find(std::string_view(spelling).substr(at, piece)) != std::string_view::npos) {
                return spelling.substr(at, piece);
            }
        }
    }
    return {};
}

} // namespace runai::testing
