#pragma once

#include "fault_table.hpp"
#include "text_pattern.hpp"

#include <httptest/harness.hpp>
#include <httptest/poco_transport.hpp>
#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace fault_tests {

/// What a call came to.
struct Ended {
    std::string error; ///< The exact type of the exception; empty where there is a reply.
    int status = 0;
    std::string text;
    std::chrono::nanoseconds after{0};
};

enum class Part {
    api,  ///< A token is there before anything goes wrong.
    login ///< It is the login that goes wrong.
};

/// A server that goes wrong as a row of the table says, another origin that is well, and a harness with the plugin.
class Scene {
public:
    Scene(FaultRow const& row, bool https, Part part);
    ~Scene();
    Scene(Scene const&) = delete;
    Scene& operator=(Scene const&) = delete;

    /// Brings the client to where the row's call is made from, and lets the fault begin.
    void begin();

    Ended call(std::string const& method);

    /// Everything is well from here on.
    void heal();

    /// How many requests the server has received since `begin`: logins, or API calls; a proxy's tunnels too.
    std::size_t requests() const;

    httptest::testing::FaultServer const& server() const noexcept { return *server_; }

    /// Whether a token ever came to the origin that is none of its own.
    bool otherGotToken() const;

    Placeholders placeholders(std::string const& method) const;

private:
    /// What a look-up of the base URL's name finds.
    struct Names;

    httptest::Configuration::Environment environment() const;
    std::shared_ptr<httptest::Transport> transportByName() const;
    std::string baseUrl() const;
    httptest::Response respond(httptest::Request const& request);
    httptest::RequestBuilder request(std::string const& method) const;
    void callBefore();
    void script();

    FaultRow const& row_;
    bool const https_;
    Part const part_;
    httptest::testing::TemporaryFolder const folder_;
    std::shared_ptr<Names> names_;
    std::unique_ptr<httptest::testing::FaultServer> other_;
    std::unique_ptr<httptest::testing::FaultServer> server_;
    std::unique_ptr<httptest::testing::StubServer> deadAddress_;
    std::shared_ptr<httptest::Transport> anotherClient_;
    std::unique_ptr<httptest::Harness> harness_;
    std::optional<httptest::Session> session_;
    std::size_t before_ = 0;
};

} // namespace fault_tests
