#include "session/refuse.hpp"

#include <httptest/error.hpp>
#include <httptest/parallel.hpp>
#include <httptest/reporter.hpp>

#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t mostThreads = 1000;

struct Thrown {
    std::size_t thread;
    std::exception_ptr exception;
};

/// Empty for what has been reported already.
std::string textOf(std::exception_ptr const& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (ExpectationFailed const& failure) {
        return failure.reported() ? std::string() : failure.what();
    } catch (std::exception const& error) {
        return error.what();
    } catch (...) {
        return "something that is no std::exception";
    }
}

/// What was thrown besides the first, equal texts together.
std::string textOfOthers(std::vector<Thrown> const& thrown) {
    std::map<std::string, std::string> threads;
    for (std::size_t i = 1; i < thrown.size(); ++i) {
        if (std::string const text = textOf(thrown[i].exception); !text.empty()) {
            std::string& numbers = threads[text];
            numbers.append(numbers.empty() ? "" : ", ").append(std::to_string(thrown[i].thread));
        }
    }
    std::string text;
    for (auto const& [what, numbers] : threads) {
        text.append("parallel: thread ").append(numbers).append(" threw: ").append(what).append("\n");
    }
    return text;
}

} // namespace

void parallel(std::size_t count, std::function<void(std::size_t)> const& run, Location where) {
    if (count == 0 || count > mostThreads) {
        refuse("parallel(" + std::to_string(count) + ", …): give 1 to 1000 threads", where);
    }
    std::mutex mutex; // guards `thrown`
    std::vector<Thrown> thrown;
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < count; ++i) {
            threads.emplace_back([&, i] {
                try {
                    run(i);
                } catch (...) {
                    std::lock_guard const lock(mutex);
                    thrown.push_back({i, std::current_exception()});
                }
            });
        }
    }
    if (thrown.empty()) {
        return;
    }
    if (std::string const others = textOfOthers(thrown); !others.empty()) {
        try {
            report(Outcome::failed, where, others);
        } catch (ExpectationFailed const&) {
            // No framework is there to hear of it; the first is what the caller gets.
        }
    }
    std::rethrow_exception(thrown.front().exception);
}

} // namespace httptest::v1
