#include "small_files_only.hpp"
#include "support/contains.hpp"

#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_store.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace httptest;
using httptest::testing::TemporaryFolder;

namespace {

namespace fs = std::filesystem;

/// A clock that the test sets; the store only reads it.
class SetClock final : public Clock {
public:
    SteadyTime steady() const noexcept override { return now.load(); }
    WallTime wall() const noexcept override { return {}; }
    void wait(std::unique_lock<std::mutex>&, std::condition_variable&, SteadyTime) override {}
    std::atomic<SteadyTime> now{SteadyTime(1000s)};
};

struct StoreFixture {
    TemporaryFolder folder;
    std::shared_ptr<SetClock> clock = std::make_shared<SetClock>();
    std::string state = (folder.path() / "state").string();
    std::string secret = "a-secret-of-32-characters-or-more";

    std::shared_ptr<TokenStore> store(FileTokenStoreSeams seams = {}) const {
        return fileTokenStore(state, clock, std::move(seams));
    }
    std::unique_ptr<TokenStore::Entry> open(std::string const& account = "account") const {
        return store()->open({account, Secret(std::string(secret))});
    }
    StoredLogin login(std::string const& token) const {
        StoredLogin result;
        result.accessToken = Secret(std::string(token));
        result.obtainedAt = clock->steady();
        result.expiresAt = clock->steady() + 1h;
        return result;
    }
    std::vector<fs::path> files(std::string_view suffix = "") const {
        std::vector<fs::path> found;
        for (auto const& entry : fs::directory_iterator(state + "/tokens")) {
            if (entry.path().string().ends_with(suffix)) {
                found.push_back(entry.path());
            }
        }
        return found;
    }
    static std::string content(fs::path const& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
};

mode_t permissionsOf(fs::path const& path) {
    struct stat status {};
    BOOST_REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

template <class Action>
std::string unavailable(Action action) {
    try {
        action();
    } catch (StoreUnavailable const& error) {
        return error.what();
    }
    return {};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_token_store, StoreFixture)

BOOST_AUTO_TEST_CASE(an_empty_store_has_nothing) {
    auto const entry = open();
    BOOST_TEST(entry->get().number == 0U);
    BOOST_TEST(entry->get().accessToken.empty());
    BOOST_TEST(entry->ignored() == 0U);
}

BOOST_AUTO_TEST_CASE(one_leads_and_publishes_and_the_others_read) {
    auto const leader = open();
    auto const follower = open();
    BOOST_TEST(leader->tryLead(clock->steady() + 30s));
    BOOST_TEST(!follower->tryLead(clock->steady() + 30s));
    leader->publish(login("the-token-of-the-leader"));
    BOOST_TEST(follower->get().accessToken.reveal() == "the-token-of-the-leader");
    BOOST_TEST(follower->get().number == 1U);
    leader->resign();
    BOOST_TEST(follower->tryLead(clock->steady() + 30s));
    follower->publish(login("the-token-of-the-second"));
    BOOST_TEST(leader->get().accessToken.reveal() == "the-token-of-the-second");
    BOOST_TEST(leader->get().number == 2U);
}

BOOST_AUTO_TEST_CASE(leadership_ends_with_its_object) {
    auto leader = open();
    BOOST_TEST(leader->tryLead(clock->steady() + 30s));
    leader.reset();
    BOOST_TEST(open()->tryLead(clock->steady() + 30s));
}

BOOST_AUTO_TEST_CASE(a_leader_beyond_its_time_is_passed_over_and_replaces_nothing_newer) {
    auto const hung = open();
    BOOST_TEST(hung->tryLead(clock->steady() + 30s));
    auto const next = open();
    clock->now = clock->steady() + 30s - 1ns;
    BOOST_TEST(!next->tryLead(clock->steady() + 30s));
    clock->now = clock->steady() + 1ns;
    BOOST_TEST(next->tryLead(clock->steady() + 30s));
    BOOST_TEST(!open()->tryLead(clock->steady() + 30s));
    next->publish(login("the-newer-token-of-the-next"));
    hung->publish(login("the-older-token-of-the-hung"));
    BOOST_TEST(open()->get().accessToken.reveal() == "the-newer-token-of-the-next");
    // Its slot is free again while the next one still leads.
    hung->resign();
    BOOST_TEST(!open()->tryLead(clock->steady() + 30s));
    next->resign();
    auto const third = open();
    BOOST_TEST(third->tryLead(clock->steady() + 30s));
    third->publish(login("the-newest-token-of-all"));
    BOOST_TEST(open()->get().accessToken.reveal() == "the-newest-token-of-all");
    BOOST_TEST(open()->get().number == 3U);
}

BOOST_AUTO_TEST_CASE(when_all_leaders_hang_the_store_says_so) {
    std::vector<std::unique_ptr<TokenStore::Entry>> hung;
    for (int i = 0; i < 4; ++i) {
        hung.push_back(open());
        BOOST_REQUIRE(hung.back()->tryLead(clock->steady() + 30s));
        clock->now = clock->steady() + 31s;
    }
    auto const last = open();
    BOOST_TEST(contains(unavailable([&] { last->tryLead(clock->steady() + 30s); }), "seem to be stopped"));
}

BOOST_AUTO_TEST_CASE(accounts_and_secrets_have_entries_of_their_own) {
    auto const first = open("first");
    auto const second = open("second");
    BOOST_TEST(first->tryLead(clock->steady() + 30s));
    BOOST_TEST(second->tryLead(clock->steady() + 30s));
    first->publish(login("the-token-of-the-first"));
    BOOST_TEST(second->get().number == 0U);
    auto const sameAccount = store()->open({"first", Secret("another-secret-of-32-characters-x")});
    BOOST_TEST(sameAccount->get().number == 0U);
    BOOST_TEST(sameAccount->ignored() == 0U);
    BOOST_TEST(sameAccount->tryLead(clock->steady() + 30s));
}

BOOST_AUTO_TEST_CASE(folders_and_files_are_for_their_owner_alone) {
    auto const old = ::umask(0);
    auto const entry = open();
    entry->tryLead(clock->steady() + 30s);
    entry->publish(login("a-token-that-is-secret"));
    ::umask(old);
    BOOST_TEST(permissionsOf(state) == 0700U);
    BOOST_TEST(permissionsOf(state + "/tokens") == 0700U);
    BOOST_TEST(files().size() == 2U);
    for (auto const& file : files()) {
        BOOST_TEST(permissionsOf(file) == 0600U, file.string());
        BOOST_TEST(!contains(content(file), "a-token-that-is-secret"));
        BOOST_TEST(!contains(content(file), secret));
        BOOST_TEST(!contains(file.string(), "account"));
    }
}

BOOST_AUTO_TEST_CASE(damaged_foreign_and_swapped_files_are_ignored_counted_and_overwritten) {
    auto const entry = open();
    entry->tryLead(clock->steady() + 30s);
    entry->publish(login("the-token-before-the-damage"));
    fs::path const file = files(".login").front();
    std::string const good = content(file);

    auto const expectIgnored = [&](char const* what) {
        auto const reader = open();
        BOOST_TEST(reader->get().number == 0U, what);
        BOOST_TEST(reader->get().number == 0U, what);
        BOOST_TEST(reader->ignored() == 1U, what);
    };
    std::ofstream(file, std::ios::binary) << good.substr(0, good.size() / 2);
    expectIgnored("cut");
    std::ofstream(file, std::ios::binary) << "nonsense";
    expectIgnored("nonsense");
    std::ofstream(file, std::ios::binary) << std::string(300 * 1024, 'x');
    expectIgnored("too long");
    std::ofstream(file, std::ios::binary) << good;
    ::chmod(file.c_str(), 0644);
    expectIgnored("open to others");
    ::chmod(file.c_str(), 0600);

    auto const other = open("other");
    other->tryLead(clock->steady() + 30s);
    other->publish(login("the-token-of-another-account"));
    for (auto const& candidate : files(".login")) {
        if (candidate != file) {
            std::ofstream(file, std::ios::binary) << content(candidate);
        }
    }
    expectIgnored("another account's");

    entry->publish(login("the-token-after-the-damage"));
    BOOST_TEST(open()->get().accessToken.reveal() == "the-token-after-the-damage");
}

BOOST_AUTO_TEST_CASE(links_are_not_followed) {
    auto const entry = open();
    entry->tryLead(clock->steady() + 30s);
    entry->publish(login("the-token-behind-the-link"));
    fs::path const file = files(".login").front();
    fs::rename(file, folder.path() / "elsewhere");
    fs::create_symlink(folder.path() / "elsewhere", file);
    BOOST_TEST(open()->get().number == 0U);

    fs::rename(state, folder.path() / "real");
    fs::create_directory_symlink(folder.path() / "real", state);
    BOOST_TEST(contains(unavailable([&] { open(); }), "symbolic link"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_can_enter_is_refused_with_the_remedy) {
    fs::create_directory(state);
    ::chmod(state.c_str(), 0755);
    BOOST_TEST(contains(unavailable([&] { open(); }), "chmod 700"));
    ::chmod(state.c_str(), 0700);
    BOOST_TEST(unavailable([&] { open(); }).empty());
}

BOOST_AUTO_TEST_CASE(a_folder_of_another_user_is_refused, *boost::unit_test::precondition([](auto) {
                         boost::test_tools::assertion_result result(::geteuid() == 0);
                         result.message() << "only root can make another user's folder";
                         return result;
                     })) {
    fs::create_directory(state);
    ::chmod(state.c_str(), 0700);
    BOOST_REQUIRE(::chown(state.c_str(), 12345, 12345) == 0);
    BOOST_TEST(contains(unavailable([&] { open(); }), "belongs to user 12345"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
    folder.write("file", "x");
    state = (folder.path() / "file" / "state").string();
    BOOST_TEST(contains(unavailable([&] { open(); }), state));
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_old_login_and_no_rest) {
    auto const entry = open();
    entry->tryLead(clock->steady() + 30s);
    entry->publish(login("the-token-before-the-disk-was-full"));
    entry->resign();
    auto const full = open();
    BOOST_REQUIRE(full->tryLead(clock->steady() + 30s));
    {
        SmallFilesOnly const limit;
        BOOST_TEST(contains(unavailable([&] { full->publish(login("the-token-that-did-not-fit")); }), "cannot write"));
    }
    full->resign();
    BOOST_TEST(files(".new").empty());
    BOOST_TEST(open()->get().accessToken.reveal() == "the-token-before-the-disk-was-full");
    auto const next = open();
    BOOST_REQUIRE(next->tryLead(clock->steady() + 30s));
    next->publish(login("the-token-that-fits-again"));
    BOOST_TEST(open()->get().accessToken.reveal() == "the-token-that-fits-again");
}

BOOST_AUTO_TEST_CASE(giving_up_is_for_good) {
    auto const given = store();
    given->giveUp("a reason of this test");
    BOOST_TEST(given->open({"account", Secret(std::string(secret))}) == nullptr);
    BOOST_TEST(contains(given->describe(), "given up"));
}

BOOST_AUTO_TEST_CASE(entries_are_listed_without_secrets_and_cleared) {
    auto const entry = open();
    entry->tryLead(BootClock::now() + 30s);
    StoredLogin published = login("a-token-that-is-secret");
    published.expiresAt = BootClock::now() + 1h;
    entry->publish(published);
    auto const listed = listTokenStore(state);
    BOOST_REQUIRE(listed.size() == 1U);
    BOOST_TEST(listed[0].number == 1U);
    BOOST_TEST(listed[0].leading);
    BOOST_TEST(listed[0].remaining.count() > 3500);
    BOOST_TEST(listed[0].remaining.count() <= 3600);
    BOOST_TEST(listed[0].age.count() < 600);
    entry->resign();
    BOOST_TEST(!listTokenStore(state).at(0).leading);
    BOOST_TEST(clearTokenStore(state) == 1U);
    BOOST_TEST(listTokenStore(state).empty());
    BOOST_TEST(open()->get().number == 0U);
}

BOOST_AUTO_TEST_CASE(readers_beside_a_writer_see_whole_logins_only) {
    std::atomic<bool> ended{false};
    std::atomic<int> bad{0};
    std::vector<std::jthread> readers;
    auto const writer = open();
    writer->tryLead(clock->steady() + 30s);
    writer->publish(login("the-token-number-0"));
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            auto const reader = open();
            while (!ended) {
                bad += reader->get().accessToken.reveal().starts_with("the-token-number-") ? 0 : 1;
            }
            bad += static_cast<int>(reader->ignored());
        });
    }
    for (int i = 1; i <= 200; ++i) {
        writer->publish(login("the-token-number-" + std::to_string(i)));
    }
    ended = true;
    readers.clear();
    BOOST_TEST(bad == 0);
}

BOOST_AUTO_TEST_SUITE_END()
