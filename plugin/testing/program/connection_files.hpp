#pragma once

#include <runai/testing/fake_control_plane.hpp>

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace runai::testing {

/// How a client reaches a fake and logs in there, in the forms in which the program hands it out.
class ConnectionFiles {
public:
    /// `caFile` is empty without TLS.
    ConnectionFiles(FakeControlPlane const& controlPlane, Version version, std::filesystem::path const& caFile);

    /// `{"runai": {"base_url", "client_id", "client_secret", "ca_file"}}`; `app_id` and `app_secret` for 2.18. The client
    /// of role `viewer` is in it as the identity `viewer`.
    std::string configJson() const;
    /// With that client in place of the admin.
    std::string viewerJson() const;
    /// With `username` and `password`.
    std::string userJson() const;
    /// With `external_token_file`.
    std::string externalJson(std::filesystem::path const& tokenFile) const;

    /// A line that a shell can evaluate: `export RUNAI_BASE_URL=…`.
    std::string shellExport() const;

private:
    nlohmann::ordered_json config(Fields const& credentials) const;

    std::string url_;
    Fields client_;
    Fields viewer_;
    Fields user_;
    std::string caFile_;
};

std::string countersJson(Counters const& counters);

/// `requests=… logins=… unauthorized=…`, without a line end.
std::string countersLine(Counters const& counters);

/// The same line from what countersJson wrote.
std::string countersLine(std::string const& json);

} // namespace runai::testing
