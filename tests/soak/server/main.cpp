// The server of the soak test, a process of its own so that its memory and descriptors are not the client's.
//
//     soak_server SEED PER_MILLE TOKEN_SECONDS IDENTITIES
//
// Prints where it listens and who may log in, serves until its standard input ends, then prints its record.

#include "faults.hpp"
#include "ledger.hpp"
#include "relay.hpp"

#include <runai/testing/fake_control_plane.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <random>
#include <string>

#ifdef __SANITIZE_THREAD__
/// Poco counts a socket's owners in code that is not instrumented, so that the last one's close looks like a race. Here
/// alone, besides tests/sanitizers/tsan.supp: in the SDK such a thing would be one.
extern "C" char const* __tsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
    return "race:Poco::Net::SocketImpl::close\n";
}
#endif

namespace {

/// Long enough for a login to be noticed where anybody waits for it.
constexpr auto loginDelay = std::chrono::milliseconds(100);

std::string newSecret() {
    std::random_device random;
    std::string secret;
    for (int i = 0; i < 8; ++i) {
        secret += std::to_string(random());
    }
    return secret;
}

void serve(std::uint64_t seed, unsigned perMille, int tokenSeconds, int identities) {
    soak::FaultPlan plan(seed, perMille);
    soak::Ledger ledger;
    {
        runai::testing::FakeControlPlaneOptions options;
        options.tokenLifetime = std::chrono::seconds(tokenSeconds);
        options.loginDelay = loginDelay;
        runai::testing::FakeControlPlane plane(options);
        soak::Relay const relay(plane, plan, ledger);
        std::cout << "url " << relay.url() << "\ncluster " << plane.clusterId() << '\n';
        for (int i = 0; i < identities; ++i) {
            auto const id = "soak-" + std::to_string(i);
            auto const secret = newSecret();
            plane.addClient(id, secret);
            std::cout << "identity " << id << ' ' << secret << '\n';
        }
        std::cout << "ready" << std::endl;
        while (std::cin.get() != std::char_traits<char>::eof()) {
        }
    }
    soak::write(ledger.record(), std::cout);
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 5) {
            std::cerr << "usage: soak_server SEED PER_MILLE TOKEN_SECONDS IDENTITIES\n";
            return EXIT_FAILURE;
        }
        serve(std::stoull(argv[1]), static_cast<unsigned>(std::stoul(argv[2])), std::stoi(argv[3]), std::stoi(argv[4]));
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::cerr << "soak_server: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
