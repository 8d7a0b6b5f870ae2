// What a fresh token costs a request, beside simpler ways to hand one out. See README.md.

#include "support/canned_provider.hpp"
#include "support/nginx.hpp"

#include <httptest/bearer_auth_provider.hpp>
#include <httptest/poco_transport.hpp>

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>
#include <mutex>
#include <string>

namespace {

using namespace httptest;

Request emptyRequest() {
    Request request;
    request.headers.reserve(4); // as a session makes its requests
    return request;
}

AuthContext context() {
    return {BootClock::now() + std::chrono::hours(1), {}};
}

BearerAuthProvider& provider() {
    static BearerAuthProvider provider(TokenCache::Parts{bench::cannedSource(),
                                                         std::make_shared<PocoTransport>(),
                                                         systemClock(),
                                                         TokenPolicy{},
                                                         {},
                                                         "canned",
                                                         "default"});
    return provider;
}

/// A copy of the header into a request that is thrown away: what any way to hand out a token has to do.
void copyAlone(benchmark::State& state) {
    std::string const authorization = "Bearer " + bench::makeToken();
    for (auto _ : state) {
        Request request = emptyRequest();
        request.headers.set("Authorization", authorization);
        benchmark::DoNotOptimize(request);
    }
}

void authorize(benchmark::State& state) {
    AuthContext const until = context();
    Request warmUp;
    provider().authorize(warmUp, until);
    for (auto _ : state) {
        Request request = emptyRequest();
        benchmark::DoNotOptimize(provider().authorize(request, until));
        benchmark::DoNotOptimize(request);
    }
}

/// The textbook cache, which does not even look at the clock: the lock is held while the token is copied.
void mutexAndCopy(benchmark::State& state) {
    static std::mutex mutex;
    static std::string const token = bench::makeToken();
    for (auto _ : state) {
        Request request = emptyRequest();
        std::string copy;
        {
            std::lock_guard const lock(mutex);
            copy = token;
        }
        std::string value = "Bearer ";
        value += copy;
        request.headers.set("Authorization", std::move(value));
        benchmark::DoNotOptimize(request);
    }
}

bench::Nginx const& server() {
    static bench::Nginx const server;
    return server;
}

Harness& harness() {
    static Harness harness(bench::cannedOptions(server().url(false), ""));
    return harness;
}

void get(benchmark::State& state) {
    Session const session = harness().session();
    for (auto _ : state) {
        if (session.get("/reply").send().status() != 200) {
            state.SkipWithError("the reply is not the one that was asked for");
        }
    }
}

/// Prints what share of a GET authorize has, besides the table.
class Shares final : public benchmark::ConsoleReporter {
public:
    Shares() : ConsoleReporter(OO_Tabular) {}

    void ReportRuns(std::vector<Run> const& runs) override {
        ConsoleReporter::ReportRuns(runs);
        for (Run const& run : runs) {
            if (run.run_type == Run::RT_Iteration || run.aggregate_name == "median") {
                real_[run.run_name.function_name + run.run_name.threads] = run.GetAdjustedRealTime();
            }
        }
    }

    void Finalize() override {
        for (char const* const threads : {"threads:1", "threads:8"}) {
            double const part = real_[std::string("authorize") + threads];
            double const whole = real_[std::string("get") + threads];
            if (part > 0 && whole > 0) {
                std::printf("authorize is %.2f %% of a GET, %s\n", 100 * part / whole, threads);
            }
        }
    }

private:
    std::map<std::string, double> real_;
};

BENCHMARK(copyAlone)->Threads(1)->Threads(8)->UseRealTime();
BENCHMARK(authorize)->Threads(1)->Threads(8)->UseRealTime();
BENCHMARK(mutexAndCopy)->Threads(1)->Threads(8)->UseRealTime();
BENCHMARK(get)->Threads(1)->Threads(8)->UseRealTime();

} // namespace

int main(int argc, char** argv) {
    server(); // before there are threads: it forks
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    Shares shares;
    benchmark::RunSpecifiedBenchmarks(&shares);
    return 0;
}
