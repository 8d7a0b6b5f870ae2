#pragma once

#include "shifted_clock.hpp"

#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <memory>
#include <string>

/// A fake control plane and harnesses whose environment is only what the test gives them.
class ControlPlaneFixture {
public:
    explicit ControlPlaneFixture(runai::testing::FakeControlPlaneOptions const& options = {}) : plane(options) {
        environment["RUNAI_BASE_URL"] = plane.url();
        bool const apps = options.version == runai::testing::Version::v2_18;
        environment[apps ? "RUNAI_APP_ID" : "RUNAI_CLIENT_ID"] = plane.clientId();
        environment[apps ? "RUNAI_APP_SECRET" : "RUNAI_CLIENT_SECRET"] = plane.clientSecret();
        if (options.tls) {
            environment["RUNAI_CA_FILE"] = folder.write("ca.pem", plane.caCertificatePem()).string();
        }
    }

    /// For tests that log in otherwise.
    void forgetClient() {
        for (char const* name : {"RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET", "RUNAI_APP_ID", "RUNAI_APP_SECRET"}) {
            environment.erase(name);
        }
    }

    /// A token of the client's, obtained by a login.
    std::string newToken() const {
        httptest::Harness const harness(options());
        harness.session().get("/api/v1/clusters").send().requireStatus(200);
        return plane.newestToken();
    }

    httptest::HarnessOptions options() const {
        httptest::HarnessOptions result;
        result.configuration = httptest::Configuration::fromEnvironment(environment);
        result.clock = clock;
        return result;
    }

    std::shared_ptr<ShiftedClock> const clock = std::make_shared<ShiftedClock>();
    runai::testing::FakeControlPlane plane;
    httptest::testing::TemporaryFolder folder;
    httptest::Configuration::Environment environment;
};

inline void requireIn(std::string const& text, std::initializer_list<std::string> parts) {
    for (std::string const& part : parts) {
        BOOST_TEST(text.find(part) != std::string::npos, "no '" << part << "' in: " << text);
    }
}
