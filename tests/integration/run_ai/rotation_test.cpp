#include "control_plane_fixture.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A volume as Kubernetes mounts secrets: `secret` is a link into `..data`, a link to the folder of the newest version
/// that is swapped by one rename.
class SecretVolume {
public:
    explicit SecretVolume(std::string const& content) {
        swap(content);
        fs::create_symlink("..data/secret", file());
    }

    void swap(std::string const& content) {
        std::string const version = "..version_" + std::to_string(++versions_);
        folder_.write(version + "/secret", content);
        fs::create_directory_symlink(version, folder_.path() / "..data_tmp");
        fs::rename(folder_.path() / "..data_tmp", folder_.path() / "..data");
        if (versions_ > 1) {
            fs::remove_all(folder_.path() / ("..version_" + std::to_string(versions_ - 1)));
        }
    }

    fs::path file() const { return folder_.path() / "secret"; }

private:
    httptest::testing::TemporaryFolder folder_;
    int versions_ = 0;
};

constexpr int rotations = 5;

int statusOf(httptest::Session const& session) {
    return session.get("/api/v1/clusters").send().status();
}

} // namespace

BOOST_AUTO_TEST_SUITE(Rotation)

BOOST_AUTO_TEST_CASE(a_client_secret_that_kubernetes_swaps_while_the_old_one_is_revoked_leaves_the_suite_green) {
    ControlPlaneFixture fixture;
    SecretVolume volume(fixture.plane.clientSecret());
    fixture.environment.erase("RUNAI_CLIENT_SECRET");
    fixture.environment["RUNAI_CLIENT_SECRET_FILE"] = volume.file().string();
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    BOOST_TEST(statusOf(session) == 200);
    std::atomic<bool> done{false};
    std::atomic<int> failures{0};
    std::array<std::atomic<int>, 4> successes{};
    {
        std::vector<std::jthread> suite;
        for (std::atomic<int>& own : successes) {
            suite.emplace_back([&] {
                while (!done) {
                    try {
                        (statusOf(session) == 200 ? own : failures)++;
                    } catch (httptest::Error const&) {
                        ++failures;
                    }
                }
            });
        }
        for (int rotation = 1; rotation <= rotations; ++rotation) {
            std::string const secret = "the-rotated-secret-" + std::to_string(rotation);
            volume.swap(secret);
            fixture.plane.setSecret(fixture.plane.clientId(), secret);
            fixture.clock->advance(10s); // a token that is refused younger counts as a wrong issuer's
            fixture.plane.revokeTokens();
            // A request is replayed once, so that none may live through two rotations.
            for (std::atomic<int> const& one : successes) {
                int const before = one;
                while (one < before + 2 && failures == 0) {
                    std::this_thread::yield();
                }
            }
        }
        done = true;
    }
    BOOST_TEST(failures == 0);
    BOOST_TEST(fixture.plane.counters().loginsRefused == 0U);
    BOOST_TEST(fixture.plane.counters().logins() == 1U + rotations);
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_revoked_before_its_file_is_swapped_is_picked_up_when_it_is) {
    ControlPlaneFixture fixture;
    SecretVolume volume(fixture.plane.clientSecret());
    fixture.environment.erase("RUNAI_CLIENT_SECRET");
    fixture.environment["RUNAI_CLIENT_SECRET_FILE"] = volume.file().string();
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    BOOST_TEST(statusOf(session) == 200);

    fixture.plane.setSecret(fixture.plane.clientId(), "the-rotated-secret-0001");
    fixture.plane.revokeTokens();
    BOOST_TEST(statusOf(session) == 401);
    BOOST_CHECK_THROW(statusOf(session), httptest::CredentialsRejected);
    volume.swap("the-rotated-secret-0001");
    BOOST_TEST(statusOf(session) == 200);
    BOOST_TEST(fixture.plane.counters().loginsRefused == 1U);
}

BOOST_AUTO_TEST_CASE(an_external_token_that_is_rewritten_is_exchanged_anew) {
    ControlPlaneFixture fixture;
    SecretVolume volume(fixture.plane.externalToken("job:first") + "\n");
    fixture.forgetClient();
    fixture.environment["RUNAI_EXTERNAL_TOKEN_FILE"] = volume.file().string();
    httptest::Harness const harness(fixture.options());
    BOOST_TEST(statusOf(harness.session()) == 200);
    BOOST_TEST(harness.auth().subject == "job:first");
    volume.swap(fixture.plane.externalToken("job:second") + "\n");
    fixture.plane.revokeTokens();
    BOOST_TEST(statusOf(harness.session()) == 200);
    BOOST_TEST(harness.auth().subject == "job:second");
}

BOOST_AUTO_TEST_CASE(a_token_that_is_renewed_in_its_file_replaces_the_one_that_was_revoked) {
    ControlPlaneFixture fixture;
    std::string const first = fixture.newToken();
    SecretVolume volume(first);
    std::string const second = fixture.newToken();
    fixture.forgetClient();
    fixture.environment["RUNAI_TOKEN_FILE"] = volume.file().string();
    httptest::Harness const harness(fixture.options());
    BOOST_TEST(statusOf(harness.session()) == 200);
    volume.swap(second);
    fixture.plane.revoke(first);
    auto const exchange = harness.session().get("/api/v1/clusters").send();
    exchange.expectStatus(200);
    BOOST_TEST(exchange.attempts() == 2);
    BOOST_TEST(fixture.plane.counters().unauthorized == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_in_the_run_is_an_error_until_its_file_is_renewed) {
    ControlPlaneFixture fixture;
    std::string const first = fixture.newToken();
    fixture.plane.setTokenLifetime(24h);
    std::string const second = fixture.newToken();
    fixture.environment["RUNAI_TOKEN_FILE"] = fixture.folder.write("token", first).string();
    fixture.forgetClient();
    httptest::Harness const harness(fixture.options());
    BOOST_TEST(statusOf(harness.session()) == 200);
    auto const requests = fixture.plane.counters().requests;
    fixture.clock->advance(2h);
    BOOST_CHECK_EXCEPTION(statusOf(harness.session()), httptest::Misconfigured, [](auto const& error) {
        return std::string(error.what()).find("must renew it") != std::string::npos;
    });
    BOOST_TEST(fixture.plane.counters().requests == requests);
    fixture.folder.write("token", second);
    BOOST_TEST(statusOf(harness.session()) == 200);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_revoked_and_not_renewed_gives_the_test_its_401_and_the_reason) {
    ControlPlaneFixture fixture;
    std::string const first = fixture.newToken();
    std::string const second = fixture.newToken();
    fixture.environment["RUNAI_TOKEN_FILE"] = fixture.folder.write("token", first).string();
    fixture.forgetClient();
    httptest::Harness const harness(fixture.options());
    BOOST_TEST(statusOf(harness.session()) == 200);
    fixture.plane.revoke(first);
    auto const exchange = harness.session().get("/api/v1/clusters").send();
    exchange.expectStatus(401);
    BOOST_TEST(exchange.text().find("token of RUNAI_TOKEN_FILE") != std::string::npos, exchange.text());
    BOOST_CHECK_EXCEPTION(statusOf(harness.session()), httptest::CredentialsRejected, [](auto const& error) {
        return std::string(error.what()).find("must renew it") != std::string::npos;
    });
    BOOST_TEST(harness.auth().state == "rejected");
    fixture.folder.write("token", second);
    BOOST_TEST(statusOf(harness.session()) == 200);
    BOOST_TEST(harness.auth().lifetimeSource == "exp");
}

BOOST_AUTO_TEST_SUITE_END()
