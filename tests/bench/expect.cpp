// What five expectations cost a request that passes, beside the bare call of its transport. See README.md.

#include "support/allocations.hpp"
#include "support/canned_provider.hpp"

#include <httptest/harness.hpp>
#include <httptest/matchers.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <stop_token>

namespace {

using namespace httptest;

/// Answers at once and keeps nothing, so that all that is measured is ours.
class CannedTransport final : public Transport {
public:
    Response send(Request const&, SteadyTime, std::stop_token) override {
        Response response;
        response.status = 200;
        response.headers.add("Content-Type", "application/json");
        response.body =
            R"({"id":"3f0c","name":"a workspace","phase":"Running","gpus":2,"meta":{"owner":"ada","created":"2026-11-24"},)"
            R"("tags":["blue","red"],"conditions":[{"type":"Ready","status":true},{"type":"Stopped","status":false}]})";
        return response;
    }
};

Session cannedSession() {
    static Harness const harness([] {
        HarnessOptions options = bench::cannedOptions("https://api.test", "");
        options.transport = std::make_shared<CannedTransport>();
        return options;
    }());
    return harness.session();
}

/// Runs `call` for each iteration, and counts its allocations.
template <class Call>
void measure(benchmark::State& state, Call call) {
    call(); // logs in, and makes what is made once
    std::uint64_t const before = bench::allocations();
    for (auto _ : state) {
        call();
    }
    state.counters["allocations"] =
        benchmark::Counter(static_cast<double>(bench::allocations() - before), benchmark::Counter::kAvgIterations);
}

void bareTransport(benchmark::State& state) {
    CannedTransport transport;
    Request request;
    request.url = Url::parse("https://api.test/reply");
    measure(state, [&] { benchmark::DoNotOptimize(transport.send(request, {}, {})); });
}

void request(benchmark::State& state) {
    Session const session = cannedSession();
    measure(state, [&] { benchmark::DoNotOptimize(session.get("/reply").send()); });
}

void requestWithFiveExpectations(benchmark::State& state) {
    Session const session = cannedSession();
    measure(state, [&] {
        session.get("/reply")
            .send()
            .expectStatus(200)
            .expectHeader("Content-Type", contains("json"))
            .expectJson("/phase", oneOf({"Pending", "Running"}))
            .expectJson("/conditions/0/status", true)
            .expectJson("/meta", hasMembers({{"owner", "ada"}, {"created", isString()}}));
    });
}

BENCHMARK(bareTransport);
BENCHMARK(request);
BENCHMARK(requestWithFiveExpectations);

} // namespace

BENCHMARK_MAIN();
