#include "factory.hpp"

#include <httptest/plugin.hpp>

HTTPTEST_PLUGIN(runai::Factory);
