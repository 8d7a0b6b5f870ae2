// No spelling of a registered secret survives, whatever stands around it.

#include "input.hpp"

#include "support/spellings.hpp"

#include <httptest/redactor.hpp>

#include <string>
#include <vector>

namespace {

std::string const canary = "c4n+ry/\"s3cret\\with=every&kind of%20sign";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static std::vector<std::string> const spellings = [] {
        httptest::keepOutOfOutput(canary);
        return httptest::testing::spellingsOf(canary);
    }();
    Input input(data, size);
    std::string text;
    while (!input.empty()) {
        std::uint32_t const what = input.draw(static_cast<std::uint32_t>(spellings.size()) + 1);
        if (what < spellings.size()) {
            text.append(spellings[what]);
        }
        text.append(input.upTo(input.draw(32)));
    }
    std::string const shown = httptest::redacted(text);
    for (std::string const& spelling : spellings) {
        require(!httptest::testing::survives(spelling, shown), "a spelling of the secret survives");
    }
    return 0;
}
