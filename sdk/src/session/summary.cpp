#include "session/summary.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace httptest::inline v1 {

void appendSummary(std::string const& file, HarnessCounters const& counters, AuthStatus const& auth) noexcept {
    try {
        nlohmann::ordered_json const summary = {
            {"program", program_invocation_short_name},
            {"requests", counters.requests},
            {"attempts", counters.attempts},
            {"logins", auth.counters.logins},
            {"login_attempts", auth.counters.loginAttempts},
            {"replays", auth.counters.replays},
        };
        std::string const line = summary.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
        // One write in append mode: lines of processes that end together do not mix.
        int const descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        bool const written =
            descriptor >= 0 && ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
        if (!written) {
            std::fprintf(stderr, "httptest: cannot write summary_file '%s': %s\n", file.c_str(), std::strerror(errno));
        }
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    } catch (std::exception const& error) {
        std::fprintf(stderr, "httptest: cannot write summary_file '%s': %s\n", file.c_str(), error.what());
    }
}

} // namespace httptest::v1
