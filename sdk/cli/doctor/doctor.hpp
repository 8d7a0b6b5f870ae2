#pragma once

#include "doctor/report.hpp"
#include "doctor/watching_transport.hpp"
#include "setup.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace httptest::cli {

struct DoctorOptions {
    std::chrono::milliseconds timeout = std::chrono::seconds(10); ///< Of each step that uses the network.
    std::optional<std::chrono::seconds> needed;                   ///< How long the token must last.
    std::string identity;                                         ///< Empty for the default one.
    std::string path;                                             ///< Of the authorized GET; empty for the provider's.
};

/// Walks from the configuration to an authorized call and stops at the first step that is broken.
///
/// It has no network code of its own: one exchange of the harness's transport, without a credential, tells of name,
/// connection, proxy and TLS; a login by the harness's provider and a GET by its session tell the rest.
class Doctor {
public:
    /// @param onStep  Hears of each step as it ends, those that are skipped left out.
    Doctor(DoctorOptions options, std::function<void(Step const&)> onStep);

    /// All steps, in their order.
    std::vector<Step> run();

    /// The exit code for what `run` returned.
    static ExitCode exitCode(std::vector<Step> const& steps);

private:
    struct Broken {};

    void configuration();
    void plugin();
    void settings();
    void wire();
    void login();
    void store();
    void request();

    /// Reports the next step; leaves `run` when it is broken.
    void add(Step step);
    void fail(std::chrono::nanoseconds took, std::exception const& error, std::string const& remedy);
    /// One step, whose errors are its own.
    template <class Work>
    void check(std::string const& remedy, Work work);

    /// The steps that are behind a connection which came as far as `reached`.
    void addConnection(ConnectionFacts const& facts, Timings const& spent, Phase reached = Phase::body);
    void addTls(ConnectionFacts const& facts, Timings const& spent);
    void addClearText();
    void addClock(Response const& response, WallTime arrived);
    void addTokenApi();

    DoctorOptions options_;
    std::function<void(Step const&)> onStep_;
    std::vector<Step> steps_;
    std::optional<Setup> setup_;
    std::optional<Settings> settings_;
    std::shared_ptr<WatchingTransport> transport_;
    std::optional<Harness> harness_;
    Url base_;
};

} // namespace httptest::cli
