#pragma once

// Fixtures and reporting for Boost.Test. Header-only on purpose: it must use the Boost.Test that the test program
// links, be it shared, static or header-only. Include it after <boost/test/unit_test.hpp>.

#include <httptest/boost_test_fixtures.hpp>
#include <httptest/boost_test_reporting.hpp>
#include <httptest/boost_test_skip.hpp>
