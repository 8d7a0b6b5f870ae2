// Threads at full speed while tokens end every few seconds and a login takes its time. See README.md.

#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Nanoseconds = std::chrono::nanoseconds;

constexpr int standardSeconds = 60;
constexpr int standardThreads = 8;
constexpr std::chrono::seconds lifetime = 10s;
constexpr std::chrono::milliseconds loginDelay = 300ms;

/// The longest call of `authorize` since the last reset.
std::atomic<Nanoseconds::rep> longestAuthorize{0};

class TimedProvider final : public httptest::AuthProvider {
public:
    explicit TimedProvider(std::unique_ptr<httptest::AuthProvider> inner) : inner_(std::move(inner)) {}

    httptest::Attachment authorize(httptest::Request& request, httptest::AuthContext const& context) override {
        auto const began = std::chrono::steady_clock::now();
        auto attachment = inner_->authorize(request, context);
        Nanoseconds::rep const took = Nanoseconds(std::chrono::steady_clock::now() - began).count();
        Nanoseconds::rep longest = longestAuthorize.load();
        while (took > longest && !longestAuthorize.compare_exchange_weak(longest, took)) {
        }
        return attachment;
    }
    httptest::Refusal refused(httptest::Response const& response, httptest::Attachment const& attachment) override {
        return inner_->refused(response, attachment);
    }
    httptest::AuthStatus describe() const override { return inner_->describe(); }

private:
    std::unique_ptr<httptest::AuthProvider> inner_;
};

/// The plugin, with a stopwatch around it.
class TimedFactory final : public httptest::ProviderFactory {
public:
    std::string name() const override { return plugin_->name(); }
    std::vector<httptest::SettingSpec> settings() const override { return plugin_->settings(); }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        return std::make_unique<TimedProvider>(plugin_->create(context));
    }

private:
    httptest::Providers providers_;
    std::shared_ptr<httptest::ProviderFactory const> plugin_ = providers_.find("runai");
};

httptest::HarnessOptions options(runai::testing::FakeControlPlane const& plane) {
    httptest::HarnessOptions result;
    result.configuration = httptest::Configuration::fromEnvironment({{"RUNAI_BASE_URL", plane.url()},
                                                                     {"RUNAI_CLIENT_ID", plane.clientId()},
                                                                     {"RUNAI_CLIENT_SECRET", plane.clientSecret()}});
    result.providers.push_back(std::make_shared<TimedFactory>());
    return result;
}

void run(int seconds, int threads) {
    runai::testing::FakeControlPlane plane;
    plane.setTokenLifetime(lifetime);
    plane.setLoginDelay(loginDelay);
    httptest::Harness const harness(options(plane));
    httptest::Session const session = harness.session();
    session.get("/api/v1/clusters").send().requireStatus(200);
    auto const first = harness.auth().counters;
    longestAuthorize = 0;

    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> otherStatus{0};
    std::atomic<std::uint64_t> errors{0};
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < threads; ++i) {
            workers.emplace_back([&] {
                while (std::chrono::steady_clock::now() < end) {
                    try {
                        otherStatus += session.get("/api/v1/clusters").send().status() == 200 ? 0 : 1;
                    } catch (std::exception const& error) {
                        ++errors;
                        std::fprintf(stderr, "%s\n", error.what());
                    }
                    ++requests;
                }
            });
        }
    }

    auto const last = harness.auth().counters;
    double const token = static_cast<double>(lifetime.count());
    double const margin = std::min(5.0, token / 10);
    double const window = std::min(60.0, token / 5);
    std::printf(
        "%d threads for %d s, tokens of %.0f s, logins delayed by %lld ms\n"
        "  requests                             %10llu\n"
        "  refused (401 seen by the server)     %10llu\n"
        "  other statuses than 200, errors      %10llu\n"
        "  waits in authorize after the first   %10llu\n"
        "  longest authorize, ms                %13.2f\n"
        "  logins after the first               %10llu\n"
        "  time / (lifetime - window - margin)  %13.2f\n",
        threads, seconds, token, static_cast<long long>(loginDelay.count()),
        static_cast<unsigned long long>(requests.load()),
        static_cast<unsigned long long>(plane.counters().unauthorized),
        static_cast<unsigned long long>(otherStatus.load() + errors.load()),
        static_cast<unsigned long long>(last.waits - first.waits), static_cast<double>(longestAuthorize.load()) / 1e6,
        static_cast<unsigned long long>(last.logins - first.logins), seconds / (token - window - margin));
}

} // namespace

/// bench_life [seconds [threads]]
int main(int argc, char** argv) {
    try {
        run(argc > 1 ? std::atoi(argv[1]) : standardSeconds, argc > 2 ? std::atoi(argv[2]) : standardThreads);
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench_life: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
