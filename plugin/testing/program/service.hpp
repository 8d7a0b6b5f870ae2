#pragma once

#include "settings.hpp"

#include <runai/testing/login_traffic.hpp>

#include <functional>
#include <string>

namespace runai::testing {

/// Runs a fake until SIGTERM, SIGINT or the end of its life, and returns its counters.
///
/// `announce` is called once connections are accepted and all files are written, with lines for a human and a shell.
/// To be called before the process has other threads: they would take the signals.
Counters serve(Settings const& settings, std::function<void(std::string const&)> const& announce);

} // namespace runai::testing
