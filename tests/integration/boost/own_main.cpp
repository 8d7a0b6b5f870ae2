// Shared Boost.Test without its main, as suites have it that set up more before their cases run.

#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <httptest/boost_test.hpp>

#include "cases.hpp"

int main(int argc, char* argv[]) {
    return boost::unit_test::unit_test_main(
        [] {
            boost::unit_test::framework::master_test_suite().p_name.value = "own_main";
            return true;
        },
        argc, argv);
}
