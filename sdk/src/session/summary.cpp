#include "session/summary.hpp"

#include "config/notice.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace httptest::inline v1 {

namespace {

nlohmann::ordered_json countersOf(HarnessCounters const& counters, AuthCounters const& auth) {
    return {{"requests", counters.requests},
            {"attempts", counters.attempts},
            {"logins", auth.logins},
            {"login_attempts", auth.loginAttempts},
            {"replays", counters.replays}};
}

/// An identity that was removed and made again counts as one.
void add(nlohmann::ordered_json& sum, nlohmann::ordered_json const& counters) {
    for (auto const& [name, count] : counters.items()) {
        sum[name] = sum.value(name, std::uint64_t{0}) + count.get<std::uint64_t>();
    }
}

} // namespace

void appendSummary(std::string const& file, std::vector<IdentityRecord> const& identities) noexcept {
    try {
        nlohmann::ordered_json sum = countersOf({}, {});
        nlohmann::ordered_json byIdentity = nlohmann::ordered_json::object();
        for (IdentityRecord const& identity : identities) {
            auto const counters = countersOf(identity.counters, identity.auth.counters);
            add(sum, counters);
            add(byIdentity.emplace(identity.name, nlohmann::ordered_json::object()).first.value(), counters);
        }
        nlohmann::ordered_json summary = {{"program", program_invocation_short_name}};
        summary.update(sum);
        summary["identities"] = std::move(byIdentity);
        std::string const line = summary.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
        // One write in append mode: lines of processes that end together do not mix.
        int const descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        bool const written =
            descriptor >= 0 && ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
        if (!written) {
            notice("cannot write summary_file '" + file + "': " + std::strerror(errno));
        }
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    } catch (std::exception const& error) {
        notice("cannot write summary_file '" + file + "': " + error.what());
    }
}

} // namespace httptest::v1
