#include <httptest/testing/fake_clock.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using httptest::testing::FakeClock;

namespace {

/// A thread that sleeps on a clock until a moment of steady time.
class Sleeper {
public:
    Sleeper(FakeClock& clock, httptest::SteadyTime until)
        : thread_([this, &clock, until] {
              std::unique_lock lock(mutex_);
              while (clock.steady() < until) {
                  clock.wait(lock, changed_, until);
              }
              awake_ = true;
          }) {}

    bool awake() const { return awake_; }
    void join() { thread_.join(); }

private:
    std::atomic<bool> awake_ = false;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::jthread thread_; // last: uses the others
};

} // namespace

BOOST_AUTO_TEST_SUITE(fake_clock)

BOOST_AUTO_TEST_CASE(stands_still_until_it_is_moved) {
    FakeClock const clock;
    auto const before = clock.now();
    BOOST_TEST((clock.steady() == before.steady));
    BOOST_TEST((clock.wall() == before.wall));
}

BOOST_AUTO_TEST_CASE(moves_both_clocks_or_either) {
    FakeClock clock;
    auto const start = clock.now();
    clock.advance(5s);
    BOOST_TEST((clock.steady() == start.steady + 5s));
    BOOST_TEST((clock.wall() == start.wall + 5s));
    clock.advanceSteady(2s);
    BOOST_TEST((clock.steady() == start.steady + 7s));
    BOOST_TEST((clock.wall() == start.wall + 5s));
    clock.setWall(start.wall - 24h);
    BOOST_TEST((clock.steady() == start.steady + 7s));
    BOOST_TEST((clock.wall() == start.wall - 24h));
}

BOOST_AUTO_TEST_CASE(a_wait_for_the_past_returns_at_once) {
    FakeClock clock;
    std::mutex mutex;
    std::condition_variable changed;
    std::unique_lock lock(mutex);
    clock.wait(lock, changed, clock.steady());
    BOOST_TEST(lock.owns_lock());
}

BOOST_AUTO_TEST_CASE(wakes_those_who_are_due_and_leaves_the_others_asleep) {
    FakeClock clock;
    Sleeper early(clock, clock.steady() + 10s);
    Sleeper late(clock, clock.steady() + 20s);
    clock.waitForSleepers(2);
    clock.advance(10s - 1ns);
    clock.waitForSleepers(2);
    clock.advance(1ns);
    early.join();
    clock.waitForSleepers(1);
    BOOST_TEST(!late.awake());
    clock.advance(10s);
    late.join();
}

BOOST_AUTO_TEST_CASE(an_end_of_time_wait_ends_when_it_is_notified) {
    FakeClock clock;
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::jthread const thread([&] {
        std::unique_lock lock(mutex);
        while (!done) {
            clock.wait(lock, changed, httptest::SteadyTime::max());
        }
    });
    clock.waitForSleepers(1);
    std::lock_guard const lock(mutex);
    done = true;
    changed.notify_all();
}

BOOST_AUTO_TEST_CASE(hundreds_of_sleepers_miss_no_step) {
    constexpr std::size_t sleepers = 300;
    constexpr int steps = 20;
    FakeClock clock;
    std::vector<std::unique_ptr<Sleeper>> threads;
    for (std::size_t i = 0; i < sleepers; ++i) {
        threads.push_back(std::make_unique<Sleeper>(clock, clock.steady() + steps * 1s));
    }
    for (int step = 0; step < steps; ++step) {
        clock.waitForSleepers(sleepers);
        clock.advance(1s);
    }
    for (auto const& thread : threads) {
        thread->join();
    }
}

BOOST_AUTO_TEST_CASE(a_step_between_looking_at_the_clock_and_falling_asleep_is_not_lost) {
    FakeClock clock;
    std::atomic<bool> over = false;
    std::jthread const mover([&] {
        while (!over) {
            clock.advance(1s);
            std::this_thread::yield();
        }
    });
    for (int i = 0; i < 2000; ++i) {
        Sleeper(clock, clock.steady() + 1s).join();
    }
    over = true;
}

BOOST_AUTO_TEST_CASE(serves_a_sleep_that_can_be_stopped) {
    FakeClock clock;
    std::stop_source stop;
    std::atomic<bool> slept = true;
    std::jthread thread([&] { slept = clock.sleepUntil(clock.steady() + std::chrono::hours(1), stop.get_token()); });
    clock.waitForSleepers(1);
    stop.request_stop();
    thread.join();
    BOOST_TEST(!slept);
}

BOOST_AUTO_TEST_SUITE_END()
