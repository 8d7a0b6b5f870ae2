#include <httptest/redactor.hpp>
#include <httptest/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using httptest::Secret;

template <class T>
concept Printable = requires(std::ostream& stream, T const& value) {
    stream << value;
};

template <class T>
concept Comparable = requires(T const& a, T const& b) {
    a == b;
};

static_assert(!std::copy_constructible<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);
static_assert(!std::convertible_to<std::string, Secret>, "a secret is made on purpose");
static_assert(!std::convertible_to<Secret, std::string> && !std::convertible_to<Secret, std::string_view>);
static_assert(!Printable<Secret> && !Comparable<Secret>);

/// A Secret whose own bytes can be looked at after its end. Short texts live within the object.
class Grave {
public:
    explicit Grave(Secret secret) { std::construct_at(object(), std::move(secret)); }

    Secret* object() { return reinterpret_cast<Secret*>(bytes_.data()); }

    bool holds(std::string_view text) const {
        auto const* const begin = reinterpret_cast<char const*>(bytes_.data());
        return std::string_view(begin, bytes_.size()).find(text) != std::string_view::npos;
    }

private:
    alignas(Secret) std::array<std::byte, sizeof(Secret)> bytes_{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(secret)

BOOST_AUTO_TEST_CASE(an_ended_secret_leaves_nothing_in_its_memory) {
    Grave grave(Secret("hunter2-short"));
    BOOST_TEST(grave.holds("hunter2-short"));
    std::destroy_at(grave.object());
    BOOST_TEST(!grave.holds("hunter2-short"));
    BOOST_TEST(!grave.holds("unter2"));
}

BOOST_AUTO_TEST_CASE(a_secret_that_was_moved_from_or_assigned_to_leaves_nothing_either) {
    Grave grave(Secret("hunter2-moved"));
    Secret const taken(std::move(*grave.object()));
    BOOST_TEST(taken.reveal() == "hunter2-moved");
    BOOST_TEST(grave.object()->empty());
    BOOST_TEST(!grave.holds("hunter2"));
    *grave.object() = Secret("another-one");
    *grave.object() = Secret();
    BOOST_TEST(!grave.holds("another"));
    std::destroy_at(grave.object());
}

BOOST_AUTO_TEST_CASE(wiping_reaches_the_spare_capacity_too) {
    std::string text(1000, 's');
    text.resize(10);
    char const* const buffer = text.data();
    std::size_t const capacity = text.capacity();
    httptest::wipe(text);
    BOOST_TEST(text.empty());
    BOOST_TEST_REQUIRE(text.data() == buffer);
    text.resize(capacity, 'x'); // makes the bytes readable; the first of them were never written again
    BOOST_TEST(std::count(text.begin(), text.end(), 's') == 0);
}

BOOST_AUTO_TEST_CASE(wiping_keeps_no_old_byte) {
    std::string text(500, 's');
    char const* const buffer = text.data();
    httptest::wipe(text);
    BOOST_TEST(std::all_of(buffer, buffer + 500, [](char c) { return c == '\0'; }));
}

BOOST_AUTO_TEST_CASE(the_text_that_a_secret_takes_over_is_emptied) {
    std::string text = "a-short-one";
    Secret const secret(std::move(text));
    BOOST_TEST(secret.reveal() == "a-short-one");
}

BOOST_AUTO_TEST_CASE(moving_onto_itself_changes_nothing) {
    Secret secret("keep-me-please");
    Secret& same = secret;
    secret = std::move(same);
    BOOST_TEST(secret.reveal() == "keep-me-please");
}

BOOST_AUTO_TEST_CASE(a_clone_is_independent) {
    Secret copy;
    {
        Secret const original("cloned-secret-text");
        copy = original.clone();
    }
    BOOST_TEST(copy.reveal() == "cloned-secret-text");
}

BOOST_AUTO_TEST_CASE(a_fingerprint_is_twelve_digits_of_the_sha_256) {
    BOOST_TEST(Secret("abc").fingerprint() == "ba7816bf8f01");
    BOOST_TEST(Secret().fingerprint() == "e3b0c44298fc");
    BOOST_TEST(Secret("secret one!").fingerprint() != Secret("secret two!").fingerprint());
}

BOOST_AUTO_TEST_CASE(any_bytes_can_be_secret) {
    std::string const bytes("\0\xff\r\n${x}", 8);
    BOOST_TEST((Secret(bytes).reveal() == bytes));
}

BOOST_AUTO_TEST_CASE(the_redactor_knows_a_secret_from_its_first_moment_and_beyond_its_end) {
    {
        Secret const secret("first-moment-secret");
        BOOST_TEST(httptest::redacted("<first-moment-secret>") == "<[redacted]>");
    }
    BOOST_TEST(httptest::redacted("<first-moment-secret>") == "<[redacted]>");
}

BOOST_AUTO_TEST_SUITE_END()
