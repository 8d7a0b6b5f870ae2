#pragma once

#include "http.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace runai::testing {

/// A request's JSON object. Every member throws BadRequest, which names what is missing or wrong.
class RequestBody {
public:
    explicit RequestBody(Request const& request);

    nlohmann::json const& json() const noexcept { return json_; }

    /// Not empty.
    std::string text(char const* name) const;
    std::string text(char const* name, std::string const& fallback) const;
    std::string oneOf(char const* name, std::initializer_list<std::string_view> choices) const;
    /// As service accounts and access keys are called: `ci-bot_2`.
    std::string accountName(char const* name) const;
    std::int64_t integer(char const* name) const;
    /// An empty object where there is none.
    RequestBody object(char const* name) const;

private:
    explicit RequestBody(nlohmann::json object) : json_(std::move(object)) {}

    nlohmann::json json_;
};

} // namespace runai::testing
