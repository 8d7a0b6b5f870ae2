#pragma once

#include "json_schema.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace contract {

/// An OpenAPI 3.0 document, as far as it says what an operation may answer. Not thread-safe.
class ApiContract {
public:
    /// @throws std::exception  The file cannot be read or is no such document.
    explicit ApiContract(std::filesystem::path const& file);

    /// The document that HTTPTEST_OPENAPI names, read once.
    static ApiContract const& instance();

    /// Why this answer is against the contract; empty where it is not. `path` comes without a query.
    std::string complaint(std::string const& method, std::string const& path, int status,
                          std::string const& body) const;

private:
    /// The operation's responses; null for an operation that is not in the document.
    nlohmann::json const* responses(std::string const& method, std::string const& path) const;
    nlohmann::json const& resolve(nlohmann::json const& part) const;
    JsonSchema const& compiled(nlohmann::json const& schema) const;

    nlohmann::json paths_;
    nlohmann::json components_;                          ///< Adapted to JSON Schema.
    mutable std::map<std::string, JsonSchema> compiled_; ///< By the schema's text: compiling one takes milliseconds.
};

} // namespace contract
