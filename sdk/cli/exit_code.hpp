#pragma once

#include <exception>
#include <span>

namespace httptest::cli {

/// How the command ends. Those from 10 on are the doctor's steps, in their order; other commands end with the one that
/// fits their error.
enum class ExitCode {
    ok = 0,
    failed = 1,
    usage = 2,
    configuration = 10,
    plugin = 11,
    name = 12,
    connect = 13,
    proxy = 14,
    tls = 15,
    exchange = 16,
    tokenApi = 17,
    login = 18,
    token = 19,
    request = 20,
};

struct ExitCodeMeaning {
    ExitCode code;
    char const* meaning;
};

/// Every code with its meaning, for the manual.
std::span<ExitCodeMeaning const> exitCodes();

/// The code for what an SDK call threw.
ExitCode exitCodeOf(std::exception const& error);

} // namespace httptest::cli
