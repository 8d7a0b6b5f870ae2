#define BOOST_TEST_MODULE httptest
#include <boost/test/unit_test.hpp>
