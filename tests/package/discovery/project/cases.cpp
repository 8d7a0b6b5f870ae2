// One case of every kind that Boost.Test can list.
#define BOOST_TEST_MODULE discovery
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>
#include <tuple>
#include <utility>

namespace utf = boost::unit_test;

BOOST_AUTO_TEST_CASE(outside, *utf::label("slow") * utf::description("a colon: a comma, [a bracket")) {
    BOOST_TEST(std::getenv("DISCOVERY_GREETING") == std::string("hello"));
    BOOST_TEST(std::getenv("DISCOVERY_SENTENCE") == std::string("two words"));
}
BOOST_AUTO_TEST_CASE(many_lines, *utf::description("first\n    second: *\nthird*")) {
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE(outer, *utf::label("wide"))
BOOST_AUTO_TEST_CASE(same_name) {
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE(inner)
BOOST_AUTO_TEST_CASE(same_name) {
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_CASE(disabled, *utf::disabled()) {
    BOOST_ERROR("a disabled case ran");
}
BOOST_DATA_TEST_CASE(data, utf::data::make({1, 2}), number) {
    BOOST_TEST(number > 0);
}
using Types = std::tuple<int, std::pair<int, long>>;
BOOST_AUTO_TEST_CASE_TEMPLATE(type, T, Types) {
    BOOST_TEST(sizeof(T) > 0U);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(all_disabled, *utf::disabled())
BOOST_AUTO_TEST_CASE(never) {
    BOOST_ERROR("a disabled case ran");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(conditional)
BOOST_AUTO_TEST_CASE(left_out,
                     *utf::precondition([](utf::test_unit_id) { return boost::test_tools::assertion_result(false); })) {
    BOOST_ERROR("its precondition does not hold");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(odd)
static bool const registered = [] {
    // Generated names: what Boost.Test does not replace by itself.
    utf::framework::current_auto_test_suite().add(
        utf::make_test_case([] { BOOST_TEST(true); }, R"(a [list]; "quoted" $x ${y} \z #)", __FILE__, __LINE__));
    return true;
}();
BOOST_AUTO_TEST_SUITE_END()
