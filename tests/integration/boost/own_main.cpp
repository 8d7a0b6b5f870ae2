// A main of the suite's own, as suites have it that set up more before their cases run: with the shared Boost.Test and the
// header-only one. The static one has a main itself.

#define BOOST_TEST_NO_MAIN
#ifdef OWN_MAIN_HEADER_ONLY
#include <boost/test/included/unit_test.hpp>
#else
#include <boost/test/unit_test.hpp>
#endif

#include <nlohmann/json.hpp>

#include <httptest/boost_test.hpp>

#include "cases.hpp"

namespace {

void nameProgram() {
    boost::unit_test::framework::master_test_suite().p_name.value = "own_main";
}

#ifdef BOOST_TEST_DYN_LINK
bool prepare() {
    nameProgram();
    return true;
}
#else
boost::unit_test::test_suite* prepare(int /*argc*/, char* /*argv*/[]) {
    nameProgram();
    return nullptr;
}
#endif

} // namespace

int main(int argc, char* argv[]) {
    return boost::unit_test::unit_test_main(&prepare, argc, argv);
}
