#define BOOST_TEST_MODULE header_only
#include <boost/test/included/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <httptest/boost_test.hpp>

#include "cases.hpp"
