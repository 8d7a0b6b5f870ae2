#pragma once

#include "exit_code.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace httptest::cli {

enum class Result { ok, warned, failed, skipped };

/// One step of the doctor's way, as it is reported. Nothing in it is secret; it is cleaned again where it is written.
struct Step {
    std::string name;
    Result result = Result::skipped;
    std::optional<std::chrono::nanoseconds> took = std::nullopt;
    std::string text = {};
    std::string remedy = {};                                     ///< What to do, for a step that failed or warns.
    std::vector<std::pair<std::string, std::string>> facts = {}; ///< For JSON: what the text says, one by one.
};

/// A step's line for people, with the remedy below it.
std::string asText(Step const& step);

/// The line after the last step: what was not reached, and the outcome.
std::string conclusion(std::vector<Step> const& steps);

std::string asJson(std::vector<Step> const& steps, ExitCode code);

} // namespace httptest::cli
