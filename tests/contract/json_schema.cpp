#include "json_schema.hpp"

// Here alone: these headers take seconds to compile.
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace contract {

namespace {

using valijson::adapters::NlohmannJsonAdapter;

constexpr char const* uuidPattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

std::string textOf(valijson::ValidationResults::Error const& error) {
    std::string where;
    for (auto const& step : error.context) {
        where += step;
    }
    return where + ": " + error.description;
}

} // namespace

class JsonSchema::Impl {
public:
    explicit Impl(nlohmann::json const& document) {
        valijson::SchemaParser parser;
        parser.populateSchema(NlohmannJsonAdapter(document), schema);
    }

    valijson::Schema schema;
};

JsonSchema::JsonSchema(nlohmann::json const& document) : impl_(std::make_unique<Impl>(document)) {}
JsonSchema::~JsonSchema() = default;
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;

std::string JsonSchema::complaint(nlohmann::json const& value) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (validator.validate(impl_->schema, NlohmannJsonAdapter(value), &results)) {
        return {};
    }
    // Every schema around the culprit complains as well; the deepest complaint is the cause.
    valijson::ValidationResults::Error deepest;
    for (auto const& error : results) {
        if (error.context.size() > deepest.context.size()) {
            deepest = error;
        }
    }
    return textOf(deepest);
}

nlohmann::json fromOpenApi(nlohmann::json schema) {
    for (auto& part : schema) {
        if (part.is_structured()) {
            part = fromOpenApi(std::move(part));
        }
    }
    if (!schema.is_object()) {
        return schema;
    }
    if (schema.value("format", nlohmann::json()) == "uuid" && !schema.contains("pattern")) {
        schema["pattern"] = uuidPattern;
    }
    if (schema.value("nullable", nlohmann::json()) == true) {
        schema.erase("nullable");
        // Null comes last: of complaints that are equally deep the first is shown, and it shall be about the value.
        return {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
    }
    return schema;
}

} // namespace contract
