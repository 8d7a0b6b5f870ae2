// A suite of 2,000 cases whose credentials are wrong, and beside it what as many failures cost Boost.Test alone.
// bench_rejected runs one of them at a time.

#define BOOST_TEST_MODULE rejected_cases
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

namespace {

auto const numbers = boost::unit_test::data::xrange(2000);

} // namespace

BOOST_DATA_TEST_CASE_F(httptest::CaseFixture, rejected, numbers, number) {
    session.get("/api/v1/clusters").query("case", number).send().expectStatus(200);
}

BOOST_DATA_TEST_CASE(bare, numbers, number) {
    BOOST_ERROR("case " << number << " failed");
}
