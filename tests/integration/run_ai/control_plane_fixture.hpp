#pragma once

#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <optional>
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

    httptest::HarnessOptions options() const {
        httptest::HarnessOptions result;
        result.configuration = httptest::Configuration::fromEnvironment(environment);
        return result;
    }

    runai::testing::FakeControlPlane plane;
    httptest::testing::TemporaryFolder folder;
    httptest::Configuration::Environment environment;
};
