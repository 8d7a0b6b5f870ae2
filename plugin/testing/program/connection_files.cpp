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

std::string line(std::uint64_t requests, std::uint64_t logins, std::uint64_t unauthorized) {
    return "requests=" + std::to_string(requests) + " logins=" + std::to_string(logins) +
           " unauthorized=" + std::to_string(unauthorized);
}

} // namespace

ConnectionFiles::ConnectionFiles(FakeControlPlane const& controlPlane, Version version,
                                 std::filesystem::path const& caFile)
    : url_(controlPlane.url()),
      idName_(version == Version::v2_18 ? "app_id" : "client_id"),
      secretName_(version == Version::v2_18 ? "app_secret" : "client_secret"),
      id_(controlPlane.clientId()),
      secret_(controlPlane.clientSecret()),
      caFile_(caFile.string()) {}

std::string ConnectionFiles::configJson() const {
    nlohmann::ordered_json runai{{"base_url", url_}, {idName_, id_}, {secretName_, secret_}};
    if (!caFile_.empty()) {
        runai["ca_file"] = caFile_;
    }
    return nlohmann::ordered_json{{"runai", runai}}.dump(2) + "\n";
}

std::string ConnectionFiles::shellExport() const {
    auto text = "export" + assignment("base_url", url_) + assignment(idName_, id_) + assignment(secretName_, secret_);
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
