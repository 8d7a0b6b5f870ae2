#pragma once

#include <compare>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// "2.20" or "v2.20.14": numbers, compared one by one, a missing one as 0.
class VersionNumber {
public:
    /// @throws Misconfigured  Names the text.
    explicit VersionNumber(std::string_view text);

    friend auto operator<=>(VersionNumber const&, VersionNumber const&) = default;

private:
    std::vector<unsigned> parts_; // without zeros at the end
};

} // namespace httptest::v1
