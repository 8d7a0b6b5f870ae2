#pragma once

#include "command.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

/// A fake control plane, and the command configured for it.
class PlaneFixture {
public:
    explicit PlaneFixture(runai::testing::FakeControlPlaneOptions const& options = {}) : plane(options) {
        variables["RUNAI_BASE_URL"] = plane.url();
        variables["RUNAI_CLIENT_ID"] = plane.clientId();
        variables["RUNAI_CLIENT_SECRET"] = plane.clientSecret();
        if (options.tls) {
            variables["RUNAI_CA_FILE"] = folder.write("ca.pem", plane.caCertificatePem()).string();
        }
    }

    Ended run(std::vector<std::string> const& arguments) const { return runCommand(arguments, variables); }

    /// Fails when a text holds the secret or the token.
    void checkNothingSecret(std::string const& text) const {
        BOOST_TEST(text.find(plane.clientSecret()) == std::string::npos, "the client secret stands in: " << text);
        std::string const token = plane.newestToken();
        BOOST_TEST((token.empty() || text.find(token) == std::string::npos), "the token stands in: " << text);
    }

    runai::testing::FakeControlPlane plane;
    httptest::testing::TemporaryFolder folder;
    Variables variables;
};

/// With TLS.
class SecurePlaneFixture : public PlaneFixture {
public:
    SecurePlaneFixture() : PlaneFixture(withTls()) {}

private:
    static runai::testing::FakeControlPlaneOptions withTls() {
        runai::testing::FakeControlPlaneOptions options;
        options.tls = true;
        return options;
    }
};
