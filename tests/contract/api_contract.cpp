#include "api_contract.hpp"

#include <Poco/String.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace contract {

namespace {

/// How many parameters of the template the path fills; nothing where it does not fit.
std::optional<int> fit(std::string const& pathTemplate, std::string const& path) {
    std::istringstream wanted(pathTemplate);
    std::istringstream given(path);
    auto parameters = 0;
    for (std::string segment, value; std::getline(wanted, segment, '/');) {
        if (!std::getline(given, value, '/')) {
            return std::nullopt;
        }
        auto const isParameter = segment.starts_with('{');
        if (isParameter ? value.empty() : segment != value) {
            return std::nullopt;
        }
        parameters += isParameter ? 1 : 0;
    }
    return given.eof() ? std::optional(parameters) : std::nullopt;
}

} // namespace

ApiContract::ApiContract(std::filesystem::path const& file) {
    std::ifstream stream(file);
    auto document = nlohmann::json::parse(stream);
    if (!document.value("openapi", "").starts_with("3.0.")) {
        throw std::runtime_error(file.string() + " is no OpenAPI 3.0 document");
    }
    paths_ = std::move(document.at("paths"));
    components_ = fromOpenApi(std::move(document.at("components")));
}

ApiContract const& ApiContract::instance() {
    static ApiContract const contract(std::getenv("HTTPTEST_OPENAPI"));
    return contract;
}

std::string ApiContract::complaint(std::string const& method, std::string const& path, int status,
                                   std::string const& body) const {
    auto const* declared = responses(method, path);
    if (declared == nullptr) {
        return "the document has no such operation";
    }
    auto const response = declared->find(std::to_string(status));
    if (response == declared->end()) {
        return "the document declares no " + std::to_string(status) + " here";
    }
    auto const content = resolve(*response).value("content", nlohmann::json::object());
    if (content.empty()) {
        return body.empty() ? std::string() : "the document declares no body here";
    }
    auto const value = nlohmann::json::parse(body, nullptr, false);
    if (value.is_discarded()) {
        return "the body is no JSON";
    }
    return compiled(content.at("application/json").at("schema")).complaint(value);
}

JsonSchema const& ApiContract::compiled(nlohmann::json const& schema) const {
    auto const text = schema.dump();
    auto known = compiled_.find(text);
    if (known == compiled_.end()) {
        JsonSchema made({{"components", components_}, {"allOf", {fromOpenApi(schema)}}});
        known = compiled_.emplace(text, std::move(made)).first;
    }
    return known->second;
}

nlohmann::json const* ApiContract::responses(std::string const& method, std::string const& path) const {
    nlohmann::json const* best = nullptr;
    auto fewest = std::numeric_limits<int>::max(); // `/access-rules/count` is not `/access-rules/{accessRuleId}`
    for (auto const& [pathTemplate, operations] : paths_.items()) {
        auto const parameters = fit(pathTemplate, path);
        auto const operation = operations.find(Poco::toLower(method));
        if (parameters && *parameters < fewest && operation != operations.end()) {
            best = &operation->at("responses");
            fewest = *parameters;
        }
    }
    return best;
}

nlohmann::json const& ApiContract::resolve(nlohmann::json const& part) const {
    auto const reference = part.find("$ref");
    if (reference == part.end()) {
        return part;
    }
    static std::string const root = "#/components";
    auto const& text = reference->get_ref<std::string const&>();
    return components_.at(nlohmann::json::json_pointer(text.substr(root.size())));
}

} // namespace contract
