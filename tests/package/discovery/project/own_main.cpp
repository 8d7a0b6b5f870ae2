// A main() of one's own, that fails in the way that DISCOVERY_MAIN says.
#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

std::string const behaviour = std::getenv("DISCOVERY_MAIN") ? std::getenv("DISCOVERY_MAIN") : "";

void nothing() {}

[[noreturn]] void hang() {
    sigset_t terms;
    sigemptyset(&terms);
    sigaddset(&terms, SIGTERM);
    sigprocmask(SIG_BLOCK, &terms, nullptr);
    int signal = 0;
    while (sigwait(&terms, &signal) != 0) {
    }
    std::cerr << "ended by SIGTERM\n";
    std::exit(1);
}

bool initialise() {
    if (behaviour == "refuses") {
        std::cout << "no server at 127.0.0.1:9\n";
        return false;
    }
    if (behaviour != "empty") {
        boost::unit_test::framework::master_test_suite().add(
            boost::unit_test::make_test_case(&nothing, "nothing", __FILE__, __LINE__));
    }
    return true;
}

} // namespace

int main(int argc, char** argv) {
    if (behaviour == "crashes") {
        std::cerr << "about to crash; here is why" << std::endl;
        std::abort();
    }
    if (behaviour == "foreign") {
        std::cout << "usage: foreign FILE\n";
        return 0;
    }
    bool const listing = argc > 1 && std::string(argv[1]).starts_with("--list_content");
    if (behaviour == "skips" && !listing) {
        return 77;
    }
    if (behaviour == "hangs" && !listing) {
        hang();
    }
    return boost::unit_test::unit_test_main(&initialise, argc, argv);
}
