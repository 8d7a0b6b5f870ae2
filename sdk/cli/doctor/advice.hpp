#pragma once

#include <httptest/exchange.hpp>
#include <httptest/settings.hpp>

#include <exception>
#include <string>

namespace httptest::cli {

/// What to do about a connection that could not be made; most errors say part of it themselves.
std::string connectionAdvice(std::exception const& error, Settings const& settings);

/// What to do about a login that failed.
std::string loginAdvice(std::exception const& error, Settings const& settings);

/// What to do about an authorized request's status.
std::string statusAdvice(int status, Settings const& settings);

} // namespace httptest::cli
