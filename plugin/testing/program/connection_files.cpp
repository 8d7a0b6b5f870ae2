#include "connection_files.hpp"

#include <Poco/String.h>

#include <nlohmann/json.hpp>

namespace runai::testing {

namespace {

std::string shellQuoted(std::string const& text) {
    return "'" + Poco::replace(text, "'", "'\\''") + "'";
}

std::string environmentName(std::string const& setting) {
    return "RUNAI_" + Poco::toUpper(setting);
}

std::string assignment(std::string const& setting, std::string const& value) {
    return " " + environmentName(setting) + "=" + shellQuoted(value);
}

/// The credentials of a client under the names that the version has for them.
Fields pairOf(Version version, std::string const& id, std::string const& secret) {
    bool const app = version == Version::v2_18;
    return {{app ? "app_id" : "client_id", id}, {app ? "app_secret" : "client_secret", secret}};
}

std::string textOf(nlohmann::ordered_json const& json) {
    return json.dump(2) + "\n";
}

std::string line(std::uint64_t requests, std::uint64_t logins, std::uint64_t unauthorized) {
    return "requests=" + std::to_string(requests) + " logins=" + std::to_string(logins) +
           " unauthorized=" + std::to_string(unauthorized);
}

} // namespace

ConnectionFiles::ConnectionFiles(FakeControlPlane const& controlPlane, Version version,
                                 std::filesystem::path const& caFile)
    : url_(controlPlane.url()),
      client_(pairOf(version, controlPlane.clientId(), controlPlane.clientSecret())),
      viewer_(pairOf(version, controlPlane.viewerId(), controlPlane.viewerSecret())),
      user_{{"username", controlPlane.userName()}, {"password", controlPlane.userPassword()}},
      caFile_(caFile.string()) {}

std::string ConnectionFiles::configJson() const {
    auto json = config(client_);
    for (auto const& [name, value] : viewer_) {
        json["identity.viewer." + name] = value;
    }
    return textOf(json);
}

std::string ConnectionFiles::viewerJson() const {
    return textOf(config(viewer_));
}

std::string ConnectionFiles::userJson() const {
    return textOf(config(user_));
}

std::string ConnectionFiles::externalJson(std::filesystem::path const& tokenFile) const {
    return textOf(config({{"external_token_file", tokenFile.string()}}));
}

nlohmann::ordered_json ConnectionFiles::config(Fields const& credentials) const {
    nlohmann::ordered_json runai{{"base_url", url_}};
    for (auto const& [name, value] : credentials) {
        runai[name] = value;
    }
    if (!caFile_.empty()) {
        runai["ca_file"] = caFile_;
    }
    return {{"runai", runai}};
}

std::string ConnectionFiles::shellExport() const {
    auto text = "export" + assignment("base_url", url_);
    for (auto const& [name, value] : client_) {
        text += assignment(name, value);
    }
    if (!caFile_.empty()) {
        text += assignment("ca_file", caFile_);
    }
    return text;
}

std::string countersJson(Counters const& counters) {
    nlohmann::ordered_json const json{
        {"requests", counters.requests},
        {"login_requests", {{"v1", counters.loginRequestsV1}, {"v2", counters.loginRequestsV2}}},
        {"logins", {{"v1", counters.loginsV1}, {"v2", counters.loginsV2}}},
        {"logins_refused", counters.loginsRefused},
        {"unauthorized", counters.unauthorized},
    };
    return json.dump(2) + "\n";
}

std::string countersLine(Counters const& counters) {
    return line(counters.requests, counters.logins(), counters.unauthorized);
}

std::string countersLine(std::string const& json) {
    auto const counters = nlohmann::json::parse(json);
    auto const& logins = counters.at("logins");
    return line(counters.at("requests"), logins.at("v1").get<std::uint64_t>() + logins.at("v2").get<std::uint64_t>(),
                counters.at("unauthorized"));
}

} // namespace runai::testing
