#define BOOST_TEST_MODULE static
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <httptest/boost_test.hpp>

#include "cases.hpp"
