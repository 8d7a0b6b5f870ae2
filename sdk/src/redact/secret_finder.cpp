#include "redact/secret_finder.hpp"

#include "redact/secret_forms.hpp"

#include <httptest/secret.hpp>

#include <algorithm>
#include <cstring>

namespace httptest::inline v1 {

namespace {

/// So much of a longer secret is one.
constexpr std::size_t shortestPart = 12;

/// What stands before a secret may look like an escape together with its first characters: `%` before `abc…`.
constexpr std::size_t mostSwallowed = 4;

std::uint64_t keyAt(std::string_view text, std::size_t at) noexcept {
    std::uint64_t key = 0;
    static_assert(sizeof key == SecretFinder::shortestSecret);
    std::memcpy(&key, text.data() + at, sizeof key);
    return key;
}

std::size_t hashOf(std::uint64_t key, unsigned bits) noexcept {
    constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(key * golden >> (64 - bits));
}

/// Whether `text` ends at `at`, or in an escape that stands there and is cut. Its first character may be taken for the
/// one before.
bool endsAt(std::string_view text, std::size_t at) noexcept {
    constexpr std::size_t longestEscape = 12;
    bool const escape = text.substr(at - 1, 2).find_first_of("%\\&") != std::string_view::npos;
    return at == text.size() || (escape && text.size() - at < longestEscape);
}

} // namespace

void SecretFinder::add(std::string_view secret) {
    for (std::string const& form : forms_.try_emplace(std::string(secret), secretForms(secret)).first->second) {
        enter(form, 0);
        if (form.size() > shortestPart) {
            enter(form, std::min(mostSwallowed, form.size() - shortestPart));
        }
    }
}

void SecretFinder::enter(std::string const& form, std::size_t skipped) {
    std::uint64_t const key = keyAt(form, skipped);
    needles_.emplace(key, Needle{&form, skipped});
    beginnings_.set(hashOf(key, hashBits));
}

void SecretFinder::remove(std::string_view secret) noexcept {
    auto const known = forms_.find(secret);
    if (known == forms_.end()) {
        return;
    }
    auto node = forms_.extract(known);
    // `beginnings_` keeps theirs, which costs a look now and then.
    std::erase_if(needles_, [&forms = node.mapped()](auto const& entry) {
        return std::any_of(forms.begin(), forms.end(), [&](auto const& form) { return &form == entry.second.form; });
    });
    for (std::string& form : node.mapped()) {
        wipe(form);
    }
    wipe(node.key());
}

void SecretFinder::findIn(DecodedText const& reading, std::vector<TextSpan>& found) const {
    std::string_view const text = reading.text();
    for (std::size_t at = 0; at + shortestSecret <= text.size(); ++at) {
        std::uint64_t const key = keyAt(text, at);
        if (!beginnings_[hashOf(key, hashBits)]) {
            continue;
        }
        auto const [first, last] = needles_.equal_range(key);
        std::for_each(first, last, [&](auto const& entry) { findAt(reading, at, entry.second, found); });
    }
}

void SecretFinder::findAt(DecodedText const& reading, std::size_t at, Needle const& needle,
                          std::vector<TextSpan>& found) {
    std::string_view const text = reading.text();
    std::string_view const tail = text.substr(at);
    std::string_view const wanted = std::string_view(*needle.form).substr(needle.skipped);
    auto const same = static_cast<std::size_t>(
        std::mismatch(tail.begin(), tail.end(), wanted.begin(), wanted.end()).first - tail.begin());
    if (needle.skipped == 0) {
        if (same == wanted.size()) {
            found.push_back({at, at + same});
        } else if (same >= shortestPart && endsAt(tail, same)) {
            found.push_back({at, text.size()});
        }
        return;
    }
    // What was skipped stands there as far as an escape has not swallowed it.
    std::size_t before = 0;
    while (before < std::min(needle.skipped, at) &&
           text[at - before - 1] == (*needle.form)[needle.skipped - before - 1]) {
        ++before;
    }
    bool const swallowed = before < needle.skipped && before < at && reading.isEscape(at - before - 1);
    if (same == wanted.size() && swallowed) {
        found.push_back({at - before - 1, at + same});
    }
}

} // namespace httptest::v1
