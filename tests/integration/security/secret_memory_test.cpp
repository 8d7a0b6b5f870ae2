// What of a secret is left in memory that is given back. Long texts: short ones live within the object, where the unit
// test of Secret looks.

#include "support/canary.hpp"

#include <httptest/redactor.hpp>
#include <httptest/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace {

/// While it is set, blocks that are freed with it in them are counted. No allocation: it is used by operator delete.
std::atomic<std::string_view const*> wanted{nullptr};
std::atomic<unsigned> found{0};

void giveBack(void* block) noexcept {
    if (std::string_view const* const text = wanted.load(); text != nullptr && block != nullptr) {
        std::string_view const content(static_cast<char const*>(block), ::malloc_usable_size(block));
        found += content.find(*text) != std::string_view::npos ? 1U : 0U;
    }
    std::free(block);
}

} // namespace

void* operator new(std::size_t size) {
    if (void* const block = std::malloc(size == 0 ? 1 : size)) {
        return block;
    }
    throw std::bad_alloc();
}
void operator delete(void* block) noexcept {
    giveBack(block);
}
void operator delete(void* block, std::size_t) noexcept {
    giveBack(block);
}

namespace {

constexpr std::string_view heapSecret = "canary-on-the-heap-that-is-longer-than-any-short-string";

/// Counts from here to its end.
class Watch {
public:
    Watch() {
        found = 0;
        wanted = &text_;
    }
    ~Watch() { wanted = nullptr; }
    Watch(Watch const&) = delete;
    Watch& operator=(Watch const&) = delete;

    unsigned left() const noexcept { return found.load(); }

private:
    // A part, so that this view is no hit itself.
    std::string_view text_ = heapSecret.substr(0, 24);
};

using httptest::Secret;

} // namespace

BOOST_AUTO_TEST_SUITE(secret_memory)

BOOST_AUTO_TEST_CASE(the_watch_sees_what_an_ordinary_string_leaves) {
    Watch const watch;
    { std::string const careless(heapSecret); }
    BOOST_TEST(watch.left() == 1U);
}

BOOST_AUTO_TEST_CASE(a_secret_leaves_nothing_however_it_ends) {
    httptest::keepOutOfOutput(heapSecret); // the redactor's own copies are for good
    Watch const watch;
    {
        Secret ended{std::string(heapSecret)};
        Secret moved = std::move(ended);
        Secret const copied = moved.clone();
        Secret assigned;
        assigned = std::move(moved);
        assigned = Secret(std::string(heapSecret));
        static_cast<void>(assigned.fingerprint());
    }
    BOOST_TEST(watch.left() == 0U);
}

BOOST_AUTO_TEST_CASE(the_redactor_leaves_nothing_of_what_it_forgets) {
    constexpr int many = 200; // it keeps the latest few
    httptest::SteadyTime const past = httptest::BootClock::now() - std::chrono::hours(1);
    Watch const watch;
    for (int i = 0; i < many; ++i) {
        // Built in place: what grows leaves its beginning behind.
        std::string token;
        token.reserve(128);
        token.append(heapSecret).append(std::to_string(i));
        httptest::keepOutOfOutput(token, past);
        httptest::wipe(token);
    }
    BOOST_TEST(watch.left() == 0U);
}

BOOST_AUTO_TEST_CASE(a_text_that_was_wiped_leaves_nothing) {
    Watch const watch;
    std::string text(heapSecret);
    text.resize(10);
    httptest::wipe(text);
    text.shrink_to_fit();
    BOOST_TEST(watch.left() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
