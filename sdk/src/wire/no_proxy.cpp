#include "wire/no_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>

namespace httptest::wire {

namespace {

struct Address {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::size_t size = 0;
};

std::optional<Address> addressOf(std::string_view text) {
    Address address;
    std::string const terminated(text);
    if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) {
        address.size = sizeof(in_addr);
        return address;
    }
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) {
        address.size = sizeof(in6_addr);
        return address;
    }
    return std::nullopt;
}

std::optional<unsigned> numberOf(std::string_view text) {
    unsigned number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool samePrefix(Address const& a, Address const& b, std::size_t bits) {
    if (a.size != b.size || bits > a.size * 8) {
        return false;
    }
    std::size_t const whole = bits / 8;
    if (!std::equal(a.bytes.begin(), a.bytes.begin() + static_cast<std::ptrdiff_t>(whole), b.bytes.begin())) {
        return false;
    }
    unsigned const shift = 8 - static_cast<unsigned>(bits % 8);
    return bits % 8 == 0 ||
           (static_cast<unsigned>(a.bytes.at(whole)) >> shift) == (static_cast<unsigned>(b.bytes.at(whole)) >> shift);
}

std::string lowered(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

std::string_view withoutEnd(std::string_view name) {
    return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

/// Takes ":port" and an address's brackets off the entry; false when the port is another.
bool takePort(std::string_view& entry, std::uint16_t port) {
    bool const bracketed = entry.starts_with('[') && entry.find(']') != std::string_view::npos;
    auto const colon = bracketed ? entry.find(':', entry.find(']')) : entry.find(':');
    bool const literal = !bracketed && colon != std::string_view::npos &&
                         entry.find(':', colon + 1) != std::string_view::npos; // a bare IPv6 address
    if (colon != std::string_view::npos && !literal) {
        if (numberOf(entry.substr(colon + 1)) != port) {
            return false;
        }
        entry = entry.substr(0, colon);
    }
    if (bracketed) {
        entry = entry.substr(1, entry.find(']') - 1);
    }
    return true;
}

bool matches(std::string_view entry, std::string_view host, std::uint16_t port) {
    if (entry == "*") {
        return true;
    }
    auto const address = addressOf(host);
    if (auto const slash = entry.find('/'); slash != std::string_view::npos) {
        auto const network = addressOf(entry.substr(0, slash));
        auto const bits = numberOf(entry.substr(slash + 1));
        return address && network && bits && samePrefix(*address, *network, *bits);
    }
    if (!takePort(entry, port)) {
        return false;
    }
    if (address) {
        auto const named = addressOf(entry);
        return named && samePrefix(*address, *named, named->size * 8);
    }
    entry.remove_prefix(entry.starts_with("*.") ? 2 : entry.starts_with('.') ? 1 : 0);
    std::string const name = lowered(withoutEnd(entry));
    return !name.empty() && (host == name || host.ends_with("." + name));
}

} // namespace

bool exempts(std::string_view list, Origin const& target) {
    constexpr std::string_view separators = ", \t";
    std::string const host = lowered(withoutEnd(std::string_view(target.host).substr(0, target.host.find('%'))));
    while (true) {
        list.remove_prefix(std::min(list.find_first_not_of(separators), list.size()));
        if (list.empty()) {
            return false;
        }
        std::string_view const entry = list.substr(0, list.find_first_of(separators));
        if (matches(entry, host, target.port)) {
            return true;
        }
        list.remove_prefix(entry.size());
    }
}

} // namespace httptest::wire
