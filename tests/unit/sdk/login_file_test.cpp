#include "store/login_file.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <string>

using namespace std::chrono_literals;
using namespace httptest;
using namespace httptest::store;

namespace {

constexpr char const* secret = "a-secret-of-32-characters-or-more";
constexpr char const* place = "0123456789abcdef.0.login";

StoredLogin exampleLogin() {
    StoredLogin login;
    login.number = 7;
    login.accessToken = Secret("the-access-token-of-the-example");
    login.obtainedAt = SteadyTime(1000s);
    login.expiresAt = SteadyTime(4600s);
    login.lifetimeSource = "expires_in";
    login.clockSkew = -3s;
    login.failureKind = "throttled";
    login.failureText = std::string("text with \0 and \n and 5:digits", 30);
    login.failureUntil = SteadyTime(1060s);
    login.hint = "v2";
    return login;
}

std::string exampleFile() {
    return writeLogin(exampleLogin(), Keys(secret), place);
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_file)

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
    std::optional<StoredLogin> const read = readLogin(exampleFile(), Keys(secret), place);
    StoredLogin const written = exampleLogin();
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->number == written.number);
    BOOST_TEST(read->accessToken.reveal() == written.accessToken.reveal());
    BOOST_TEST((read->obtainedAt == written.obtainedAt));
    BOOST_TEST((read->expiresAt == written.expiresAt));
    BOOST_TEST(read->lifetimeSource == written.lifetimeSource);
    BOOST_TEST((read->clockSkew == written.clockSkew));
    BOOST_TEST(read->failureKind == written.failureKind);
    BOOST_TEST(read->failureText == written.failureText);
    BOOST_TEST((read->failureUntil == written.failureUntil));
    BOOST_TEST(read->hint == written.hint);
}

BOOST_AUTO_TEST_CASE(a_login_without_a_token_is_read) {
    StoredLogin login = exampleLogin();
    login.accessToken = Secret();
    std::optional<StoredLogin> const read = readLogin(writeLogin(login, Keys(secret), place), Keys(secret), place);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->accessToken.empty());
    BOOST_TEST(read->failureKind == "throttled");
}

BOOST_AUTO_TEST_CASE(another_secret_or_place_sees_nothing) {
    std::string const file = exampleFile();
    BOOST_TEST(!readLogin(file, Keys("another-secret-of-32-characters-or"), place));
    BOOST_TEST(!readLogin(file, Keys(secret), "0123456789abcdef.1.login"));
    BOOST_TEST(Keys(secret).name("account") != Keys("another-secret-of-32-characters-or").name("account"));
    BOOST_TEST(Keys(secret).name("account") != Keys(secret).name("another account"));
    BOOST_TEST(Keys(secret).name("account") == Keys(secret).name("account"));
}

BOOST_AUTO_TEST_CASE(no_two_files_are_the_same) {
    BOOST_TEST(exampleFile() != exampleFile());
}

BOOST_AUTO_TEST_CASE(neither_token_nor_secret_shows_in_the_file) {
    std::string const file = exampleFile();
    BOOST_TEST(file.find("the-access-token") == std::string::npos);
    BOOST_TEST(file.find(secret) == std::string::npos);
    BOOST_TEST(file.find("throttled") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_noticed) {
    std::string const file = exampleFile();
    Keys const keys(secret);
    for (std::size_t i = 0; i < file.size(); ++i) {
        std::string changed = file;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        BOOST_TEST(!readLogin(changed, keys, place), "byte " << i);
    }
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_addition_is_noticed) {
    std::string const file = exampleFile();
    Keys const keys(secret);
    for (std::size_t size = 0; size < file.size(); ++size) {
        BOOST_TEST(!readLogin(file.substr(0, size), keys, place), "cut to " << size);
    }
    BOOST_TEST(!readLogin(file + "x", keys, place));
}

BOOST_AUTO_TEST_CASE(a_head_with_other_numbers_is_none) {
    Keys const keys(secret);
    for (char const* head : {"httptest-login 1 0 5\n", "httptest-login 1  5\n", "httptest-login 2 7 5\n",
                             "httptest-login 1 99999999999999999999 5\n", "httptest-login 1 7 5", "", "\n"}) {
        BOOST_TEST(!readHead(head), head);
        BOOST_TEST(!readLogin(head, keys, place), head);
    }
    std::optional<LoginFileHead> const head = readHead(exampleFile());
    BOOST_REQUIRE(head.has_value());
    BOOST_TEST(head->number == 7U);
    BOOST_TEST(head->expiresAt == std::chrono::nanoseconds(4600s).count());
}

BOOST_AUTO_TEST_CASE(what_is_sealed_but_malformed_is_none) {
    Keys const keys(secret);
    std::string const head = "httptest-login 1 7 5\n";
    for (std::string const plain :
         {"", "5:ab", "18446744073709551615:x", "x:", "-1:x", "0:1:01:50:0:0:0:0:1:0", "0:1:01:5", "3:abc"}) {
        std::string const file = head + keys.seal(plain, head + place);
        BOOST_TEST(!readLogin(file, keys, place), plain);
    }
    // The head says when the token ends; so must what is sealed.
    std::string const other = head + keys.seal("0:1:01:60:1:00:0:1:00:", head + place);
    BOOST_TEST(!readLogin(other, keys, place));
    std::string const same = head + keys.seal("0:1:01:50:1:00:0:1:00:", head + place);
    BOOST_TEST(readLogin(same, keys, place).has_value());
}

BOOST_AUTO_TEST_CASE(random_damage_is_never_taken_for_a_login) {
    std::minstd_rand generator(4711); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same numbers each time
    Keys const keys(secret);
    std::string const file = exampleFile();
    for (int round = 0; round < 20'000; ++round) {
        std::string damaged = file;
        int const changes = 1 + static_cast<int>(generator() % 8);
        for (int i = 0; i < changes && !damaged.empty(); ++i) {
            std::size_t const at = generator() % damaged.size();
            switch (generator() % 4) {
            case 0: damaged[at] = static_cast<char>(generator()); break;
            case 1: damaged.erase(at, 1 + generator() % 16); break;
            case 2: damaged.insert(at, std::string(1 + generator() % 16, static_cast<char>(generator()))); break;
            default: std::swap(damaged[at], damaged[generator() % damaged.size()]); break;
            }
        }
        BOOST_REQUIRE(damaged == file || !readLogin(damaged, keys, place));
    }
}

BOOST_AUTO_TEST_SUITE_END()
