#include "table.hpp"

#include "accounting.hpp"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <sstream>

namespace soak {

namespace {

class Rows {
public:
    template <class Value>
    void add(std::string const& name, Value const& value) {
        text_ << "  " << std::left << std::setw(44) << name << std::right << std::setw(14) << value << '\n';
    }
    void add(std::string const& name, double value) {
        std::ostringstream digits;
        digits << std::fixed << std::setprecision(2) << value;
        add(name, digits.str());
    }
    void title(std::string const& text) { text_ << text << '\n'; }
    std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
};

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

void addOutcomes(Rows& rows, Tally const& client) {
    for (std::size_t i = 0; i < client.outcomes.size(); ++i) {
        auto const outcome = Outcome::at(i);
        if (client.outcomes.at(i) != 0) {
            rows.add(
                outcome.isReply() ? "  status " + std::to_string(outcome.status()) : std::string("  ") + outcome.text(),
                client.outcomes.at(i));
        }
    }
}

} // namespace

std::string table(Run const& run) {
    auto const& server = run.server;
    Rows rows;
    rows.title("soak: " + std::to_string(run.settings.threads) + " threads, " +
               std::to_string(run.settings.identities) + " identities, tokens of " +
               std::to_string(run.settings.tokenLifetime.count()) + " s, faults of " +
               std::to_string(run.settings.faultsPerMille) +
               " per mille, HTTPTEST_SOAK_SEED=" + std::to_string(run.settings.seed));
    rows.add("seconds", run.seconds);
    rows.add("calls", run.client.sent);
    addOutcomes(rows, run.client);
    rows.add("calls/s", static_cast<double>(run.client.sent) / run.seconds);
    rows.add("replies within, ms: half of them", milliseconds(run.client.latencies.quantile(0.5)));
    rows.add("                    99 %", milliseconds(run.client.latencies.quantile(0.99)));
    rows.add("                    all", milliseconds(run.client.latencies.longest()));
    rows.add("calls that waited for a login, later on", waitsAfterTheStart(run));
    rows.title("the server");
    rows.add("arrivals", server.arrivals);
    for (auto const& [name, count] : server.faults) {
        rows.add("  fault " + name, count);
    }
    rows.add("401s for revoked tokens", server.refusedRevoked);
    rows.add("401s for other tokens", server.refusedOtherwise);
    rows.add("POSTs", server.posts.size());
    std::uint64_t granted = 0;
    for (auto const& [client, logins] : server.logins) {
        rows.add("logins of " + client + ", requests",
                 std::to_string(logins.granted) + ", " + std::to_string(logins.requests));
        granted += logins.granted;
    }
    for (auto const& [name, count] : server.loginFaults) {
        rows.add("  login fault " + name, count);
    }
    auto const revoked = server.faults.find("token-revoked");
    rows.add("logins", granted);
    rows.add("  and at most",
             idealLogins(run.settings, run.seconds, revoked == server.faults.end() ? 0 : revoked->second));
    rows.title("the client's process");
    auto const heap = steadyHeap(run);
    rows.add("live heap at the warm-up's end, kB", heap.empty() ? 0 : heap.front().y / 1000);
    rows.add("live heap at the end, kB", heap.empty() ? 0 : heap.back().y / 1000);
    rows.add("slope, bytes/s", slope(heap));
    rows.add("slope, bytes/call", slope(heap) * run.seconds / static_cast<double>(run.client.sent));
    rows.add("kept out of output, bytes/token", run.bytesPerToken);
    ProcessCounts highest;
    for (auto const& sample : run.samples) {
        highest.descriptors = std::max(highest.descriptors, sample.process.descriptors);
        highest.threads = std::max(highest.threads, sample.process.threads);
    }
    auto const three = [](std::size_t before, std::size_t during, std::size_t after) {
        return std::to_string(before) + ", " + std::to_string(during) + ", " + std::to_string(after);
    };
    rows.add("descriptors before, at most, after",
             three(run.before.descriptors, highest.descriptors, run.after.descriptors));
    rows.add("threads before, at most, after", three(run.before.threads, highest.threads, run.after.threads));
    return rows.text();
}

} // namespace soak
