#include "scripted_source.hpp"
#include "session_support.hpp"
#include "support/can_fork.hpp"

#include <httptest/cleanup.hpp>
#include <httptest/clock.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/redactor.hpp>
#include <httptest/secret.hpp>
#include <httptest/testing/fake_clock.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/transport.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

using namespace std::chrono_literals;
using namespace httptest;
using httptest::testing::ScriptedSource;
using httptest::testing::ScriptedTransport;
using httptest::testing::SourceScript;

namespace {

/// One script for this process and one for its children: a login that is held in the parent holds its script's lock.
class SplitSource final : public TokenSource {
public:
    SplitSource(std::shared_ptr<SourceScript> here, std::shared_ptr<SourceScript> inChildren)
        : here_(std::move(here)),
          inChildren_(std::move(inChildren)) {}

    Token fetch(LoginContext const& context) override {
        return (::getpid() == process_ ? here_ : inChildren_)->fetch(context);
    }

    std::string describe() const override { return "ci"; }

private:
    std::shared_ptr<SourceScript> here_;
    std::shared_ptr<SourceScript> inChildren_;
    pid_t process_ = ::getpid();
};

/// On the machine's clock: a fake one has locks and a thread, of which a child has only the locks.
struct ForkFixture {
    std::shared_ptr<SourceScript> source = std::make_shared<SourceScript>();
    std::unique_ptr<TokenCache> cache = make(source);

    static std::unique_ptr<TokenCache> make(std::shared_ptr<SourceScript> const& source) {
        TokenCache::Parts parts;
        parts.source = std::make_unique<ScriptedSource>(source);
        parts.transport = std::make_shared<ScriptedTransport>(systemClock());
        parts.clock = systemClock();
        parts.identity = "ci";
        return std::make_unique<TokenCache>(std::move(parts));
    }

    std::string acquire() const { return acquire(*cache); }

    static std::string acquire(TokenCache& from) {
        return from.acquire(systemClock()->steady() + 30s, {})->authorization;
    }

    /// Runs `body` in a child process and returns its exit code: the body's result, 99 when it throws. The child ends
    /// without destructors, as one that calls exec does.
    static int inChild(std::function<int()> const& body) {
        pid_t const child = ::fork();
        BOOST_REQUIRE(child >= 0);
        if (child == 0) {
            int code = 99;
            try {
                code = body();
            } catch (...) {
                code = 99;
            }
            ::_exit(code);
        }
        int status = 0;
        BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fork_of_a_process, ForkFixture, *boost::unit_test::precondition(canFork))

BOOST_AUTO_TEST_CASE(a_child_starts_empty_and_logs_in_itself) {
    BOOST_TEST(acquire() == "Bearer token-1");
    BOOST_TEST(inChild([this] {
                   AuthStatus const before = cache->describe();
                   if (before.state != "empty" || before.counters.logins != 0) {
                       return 1;
                   }
                   if (acquire() != "Bearer token-2") {
                       return 2;
                   }
                   return cache->describe().counters.logins == 1 ? 0 : 3;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(the_parent_keeps_its_token) {
    acquire();
    BOOST_TEST(inChild([this] { return acquire() == "Bearer token-2" ? 0 : 1; }) == 0);
    BOOST_TEST(cache->describe().state == "fresh");
    BOOST_TEST(acquire() == "Bearer token-1");
    BOOST_TEST(source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(a_login_under_way_in_the_parent_is_none_in_the_child) {
    auto const own = std::make_shared<SourceScript>();
    TokenCache::Parts parts;
    parts.source = std::make_unique<SplitSource>(source, own);
    parts.transport = std::make_shared<ScriptedTransport>(systemClock());
    parts.clock = systemClock();
    TokenCache shared(std::move(parts));

    source->hold();
    auto waiting = std::async(std::launch::async, [&] { return acquire(shared); });
    source->waitForHeld();
    BOOST_TEST(inChild([&] { return acquire(shared) == "Bearer token-1" && own->calls() == 1 ? 0 : 1; }) == 0);
    BOOST_TEST(own->calls() == 0U);
    source->release();
    BOOST_TEST(waiting.get() == "Bearer token-1");
    BOOST_TEST(shared.describe().counters.logins == 1U);
}

BOOST_AUTO_TEST_CASE(a_child_may_destroy_a_cache_whose_login_runs_in_the_parent) {
    source->hold();
    auto waiting = std::async(std::launch::async, [this] { return acquire(); });
    source->waitForHeld();
    BOOST_TEST(inChild([this] {
                   cache.reset();
                   return 0;
               }) == 0);
    source->release();
    BOOST_TEST(waiting.get() == "Bearer token-1");
}

BOOST_AUTO_TEST_CASE(a_grandchild_starts_empty_too) {
    acquire();
    BOOST_TEST(inChild([this] {
                   acquire();
                   pid_t const child = ::fork();
                   if (child == 0) {
                       ::_exit(cache->describe().state == "empty" && acquire() == "Bearer token-3" ? 0 : 1);
                   }
                   int status = 0;
                   ::waitpid(child, &status, 0);
                   return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(a_child_of_a_process_that_is_redacting_can_redact) {
    Secret const secret("a-secret-of-the-parent");
    std::jthread const busy([](std::stop_token const& stop) {
        while (!stop.stop_requested()) {
            static_cast<void>(redacted("a text that is long enough to keep the redactor's lock for most of the time"));
        }
    });
    for (int i = 0; i < 50; ++i) {
        BOOST_REQUIRE(inChild([] {
                          ::alarm(30); // a child that waits for a lock for good is ended by it
                          return redacted("a-secret-of-the-parent") == redactedMark ? 0 : 1;
                      }) == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Holds requests for "/held" until it is told to let them go; a stop that reaches a child's copy of such a request ends
/// the child with status 7.
class HoldingTransport final : public Transport {
public:
    Response send(Request const& request, SteadyTime, std::stop_token stop) override {
        if (request.url.target == "/held") {
            std::stop_callback const told(stop, [process = ::getpid()] {
                if (process != ::getpid()) {
                    ::_exit(7);
                }
            });
            held.count_down();
            letGo.wait();
        }
        return testing::jsonReply(200, "{}");
    }

    std::latch held{1};
    std::latch letGo{1};
};

/// A harness on the machine's clock; the script's must not end in a child, which lacks its thread.
struct ForkedHarnessFixture {
    httptest::testing::TemporaryFolder folder;
    std::shared_ptr<HoldingTransport> transport = std::make_shared<HoldingTransport>();
    std::shared_ptr<session_support::Script> script = std::make_shared<session_support::Script>();
    std::unique_ptr<Harness> harness = make();

    std::unique_ptr<Harness> make() const {
        HarnessOptions options = session_support::optionsOf(script, "https://api.test");
        options.configuration->set("state_dir", folder.path().string());
        options.transport = transport;
        options.clock = systemClock();
        return std::make_unique<Harness>(std::move(options));
    }

    /// Forks again and again while a thread is busy with `busy`.
    void whileBusy(std::function<void()> const& busy, std::function<int()> const& body) const {
        harness->session().get("/x").send(); // OpenSSL's own beginning must not be under way in a fork
        std::jthread const thread([&](std::stop_token const& stop) {
            while (!stop.stop_requested()) {
                busy();
            }
        });
        for (int i = 0; i < 30; ++i) {
            BOOST_REQUIRE(ForkFixture::inChild([&] {
                              ::alarm(30); // a child that waits for a lock for good is ended by it
                              return body();
                          }) == 0);
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fork_of_a_harness, ForkedHarnessFixture, *boost::unit_test::precondition(canFork))

BOOST_AUTO_TEST_CASE(a_child_may_end_it_while_a_request_is_under_way_in_the_parent) {
    auto waiting =
        std::async(std::launch::async, [&] { return harness->session().get("/held").anonymous().send().status(); });
    transport->held.wait();
    BOOST_TEST(ForkFixture::inChild([this] {
                   ::alarm(30);
                   if (harness->session().get("/x").send().status() != 200) {
                       return 1;
                   }
                   harness.reset();
                   return 0;
               }) == 0);
    transport->letGo.count_down();
    BOOST_TEST(waiting.get() == 200);
}

BOOST_AUTO_TEST_CASE(a_child_finds_its_identities_while_the_parent_makes_some) {
    whileBusy(
        [this] {
            harness->identityWith("made", {});
            harness->removeIdentity("made");
        },
        [this] { return harness->session().get("/x").send().status() == 200 ? 0 : 1; });
}

BOOST_AUTO_TEST_CASE(a_child_keeps_a_ledger_of_its_own_while_the_parent_writes_its) {
    auto const deletion = [this] {
        Cleanup cleanup;
        cleanup.add(harness->session().del("/a"));
        cleanup.run();
    };
    whileBusy(deletion, [&] {
        deletion();
        return 0;
    });
}

BOOST_AUTO_TEST_SUITE_END()
