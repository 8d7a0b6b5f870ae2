// GET over one kept connection, with a token, beside other clients. See README.md.

#include "clients/client.hpp"
#include "support/rounds.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace httptest::bench;

constexpr int requestsOfARound = 50;
constexpr int standardRounds = 400;
constexpr std::size_t pocoSession = 3;

Contestant contestant(std::string name, std::unique_ptr<Client> client) {
    auto const shared = std::shared_ptr<Client>(std::move(client));
    return {std::move(name), [shared](int count) {
                for (int i = 0; i < count; ++i) shared->get();
            }};
}

void compareAll(Nginx const& server, bool tls, int rounds) {
    std::vector<Contestant> const contestants = {
        contestant("raw socket", rawClient(server, tls)),
        contestant("PocoTransport alone", transportClient(server, tls)),
        contestant("the whole harness", harnessClient(server, tls)),
        contestant(tls ? "Poco HTTPSClientSession" : "Poco HTTPClientSession", pocoClient(server, tls)),
        contestant("cpp-httplib", httplibClient(server, tls)),
        contestant("libcurl", curlClient(server, tls)),
    };
    print(tls ? "GET, TLS" : "GET, HTTP", compare(contestants, rounds, requestsOfARound, pocoSession),
          std::chrono::microseconds(1), "us");
}

/// `count` requests in all, spread over as many threads as there are clients.
void getInThreads(std::vector<Client*> const& clients, int count) {
    std::vector<std::jthread> threads;
    for (Client* const client : clients) {
        threads.emplace_back([client, mine = count / static_cast<int>(clients.size())] {
            for (int i = 0; i < mine; ++i) client->get();
        });
    }
}

void compareThreads(Nginx const& server, int rounds) {
    constexpr std::size_t threads = 8;
    auto const harness = harnessClient(server, false);
    std::vector<std::unique_ptr<Client>> sessions;
    std::vector<Client*> ofPoco;
    while (sessions.size() < threads) {
        ofPoco.push_back(sessions.emplace_back(pocoClient(server, false)).get());
    }
    std::vector<Contestant> const contestants = {
        {"harness, 1 thread", [&](int count) { getInThreads({harness.get()}, count); }},
        {"harness, 8 threads, 1 session",
         [&](int count) { getInThreads(std::vector<Client*>(threads, harness.get()), count); }},
        {"Poco, 8 threads, 8 sessions", [&](int count) { getInThreads(ofPoco, count); }},
    };
    print("GET, HTTP, time for one of all threads' requests; speed: one thread is 1",
          compare(contestants, rounds, requestsOfARound, 0), std::chrono::microseconds(1), "us");
}

/// One client alone, for a profiler.
std::unique_ptr<Client> alone(std::string_view name, Nginx const& server, bool tls) {
    return name == "harness"     ? harnessClient(server, tls)
           : name == "transport" ? transportClient(server, tls)
           : name == "poco"      ? pocoClient(server, tls)
                                 : rawClient(server, tls);
}

} // namespace

/// bench_get [rounds]
/// bench_get harness|transport|poco|raw http|https <requests>
int main(int argc, char** argv) {
    try {
        Nginx const server;
        if (argc == 4) {
            auto const client = alone(argv[1], server, std::string_view(argv[2]) == "https");
            for (int left = std::atoi(argv[3]); left > 0; --left) client->get();
            return EXIT_SUCCESS;
        }
        int const rounds = argc > 1 ? std::atoi(argv[1]) : standardRounds;
        std::printf("%d rounds of %d requests; speed: Poco's session is 1\n\n", rounds, requestsOfARound);
        compareAll(server, false, rounds);
        compareAll(server, true, rounds);
        compareThreads(server, rounds);
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench_get: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
