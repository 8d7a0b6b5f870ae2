#pragma once

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>

namespace contract {

/// A compiled JSON Schema.
class JsonSchema {
public:
    /// `document` holds the schema and all that it refers to (`#/…`); it is not needed afterwards.
    explicit JsonSchema(nlohmann::json const& document);
    ~JsonSchema();
    JsonSchema(JsonSchema&&) noexcept;

    /// What is wrong with the value, and where; empty where nothing is.
    std::string complaint(nlohmann::json const& value) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// A schema of OpenAPI 3.0 in the words of JSON Schema: `nullable` becomes an alternative, `format: uuid` a pattern, which
/// the validator would otherwise not check.
nlohmann::json fromOpenApi(nlohmann::json schema);

} // namespace contract
