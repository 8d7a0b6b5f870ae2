#pragma once

#include "settings.hpp"

#include <filesystem>
#include <string>

namespace runai::testing {

/// Starts a server that outlives this process. Its folder gets config.json, ca.pem (with TLS), pid and log, and
/// counters.json when it ends. Returns its announcement once it accepts connections; throws std::runtime_error with the
/// reason if it does not come to that. To be called before this process has threads.
std::string startInBackground(Settings const& settings);

/// Ends the server of this folder, waits for its end and returns the line of its counters; the same for a server that
/// has ended already. Throws std::runtime_error when there is none, or it does not end.
std::string stopInBackground(std::filesystem::path const& folder);

} // namespace runai::testing
