// URLs, their resolution and their origins: what is accepted is safe on the wire and reads back as itself.

#include "input.hpp"

#include <httptest/error.hpp>
#include <httptest/url.hpp>

#include <algorithm>
#include <optional>

namespace {

void requireClean(httptest::Url const& url) {
    std::string const text = url.text();
    require(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; }),
            "a URL holds visible ASCII only");
    require(url.target.starts_with('/'), "a target begins with a slash");
    require(url.origin.host.find('@') == std::string::npos, "no user-info in a host");
    httptest::Url const again = httptest::Url::parse(text);
    require(again.origin == url.origin && again.target == url.target, "a URL's text reads back as the same URL");
}

std::string withCaseSwapped(std::string text) {
    for (char& c : text) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        c = letter ? static_cast<char>(c ^ ' ') : c;
    }
    return text;
}

/// An origin is what decides where a credential goes: two are the same exactly when they are spelled so.
void requireComparable(httptest::Origin const& origin, httptest::Origin const& other) {
    require((origin == other) == (origin.text() == other.text()), "origins compare as their texts do");
    require(httptest::Url::parse(withCaseSwapped(origin.text())).origin == origin, "case makes no other origin");
    httptest::Origin const neighbour{origin.scheme, origin.host + ".evil.test", origin.port};
    require(!(neighbour == origin) && !neighbour.loopback(), "a longer host is another origin");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Input input(data, size);
    std::string_view const first = input.upTo(input.byte());
    std::string_view const second = input.rest();
    std::optional<httptest::Url> base;
    try {
        base = httptest::Url::parse(first);
        requireClean(*base);
    } catch (httptest::InvalidRequest const&) {
        base = httptest::Url::parse("https://base.test:8443/a/b?c");
    }
    try {
        httptest::Url const there = base->resolve(second);
        requireClean(there);
        requireComparable(base->origin, there.origin);
        bool const pathAlone = second.starts_with('/') && !second.starts_with("//");
        require(!pathAlone || there.origin == base->origin, "a path leads to no other origin");
    } catch (httptest::InvalidRequest const&) {
        return 0;
    }
    return 0;
}
