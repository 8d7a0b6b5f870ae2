// The token store's files: damaged ones, and well sealed ones with anything inside.

#include "input.hpp"

#include "store/login_file.hpp"

#include <string>

namespace {

using namespace httptest;
using namespace httptest::store;

constexpr char const* place = "0123456789abcdef.0.login";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static Keys const keys("a-secret-of-32-characters-or-more");
    Input input(data, size);
    bool const sealed = input.draw(2) == 0;
    std::string file(input.upTo(sealed ? input.draw(64) : size));
    if (sealed) {
        // What no attacker without the secret can do, but an older or newer version of ours.
        std::string const head = file;
        file.append(keys.seal(input.rest(), head + place));
    }
    auto const head = readHead(file);
    require(!head || head->bytes <= file.size(), "a head is a part of its file");
    if (auto const login = readLogin(file, keys, place)) {
        require(head && login->number == head->number, "head and content agree");
        auto const again = readLogin(writeLogin(*login, keys, place), keys, place);
        require(again && again->accessToken.reveal() == login->accessToken.reveal() &&
                    again->expiresAt == login->expiresAt && again->failureText == login->failureText &&
                    again->hint == login->hint,
                "what was read is written and read as itself");
    }
    return 0;
}
