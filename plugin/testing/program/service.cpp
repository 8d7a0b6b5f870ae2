#include "service.hpp"

#include "connection_files.hpp"
#include "private_file.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <pthread.h>
#include <csignal>

#include <cerrno>
#include <ctime>
#include <memory>

namespace runai::testing {

namespace {

/// Keeps the signals that end the program for waitForEnd; threads inherit that.
sigset_t blockEndSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

void waitForEnd(sigset_t const& signals, std::optional<std::chrono::seconds> life) {
    using Clock = std::chrono::steady_clock;
    if (!life) {
        while (::sigwaitinfo(&signals, nullptr) < 0 && errno == EINTR) {
        }
        return;
    }
    auto const end = Clock::now() + *life;
    for (auto left = *life; left.count() > 0; left = std::chrono::ceil<std::chrono::seconds>(end - Clock::now())) {
        timespec const timeout{.tv_sec = left.count(), .tv_nsec = 0};
        if (::sigtimedwait(&signals, nullptr, &timeout) >= 0) {
            return;
        }
    }
}

std::string announcement(FakeControlPlane const& controlPlane, Version version, ConnectionFiles const& files) {
    return "# fake Run:ai control plane " + nameOf(version) + " at " + controlPlane.url() + "\n" + files.shellExport() +
           "\n";
}

/// For the background server's life and longer: nothing renews the file.
constexpr std::chrono::hours externalTokenLife{24 * 7};

void writeAccounts(std::filesystem::path const& folder, FakeControlPlane& controlPlane, ConnectionFiles const& files) {
    makePrivateFolder(folder);
    auto const tokenFile = folder / "external-token";
    writePrivateFile(tokenFile, controlPlane.externalToken("fake-external-user", externalTokenLife) + "\n");
    writePrivateFile(folder / "expired-token", controlPlane.expiredToken() + "\n");
    writePrivateFile(folder / "external.json", files.externalJson(tokenFile));
    writePrivateFile(folder / "viewer.json", files.viewerJson());
    writePrivateFile(folder / "user.json", files.userJson());
}

} // namespace

Counters serve(Settings const& settings, std::function<void(std::string const&)> const& announce) {
    auto const signals = blockEndSignals();
    FakeControlPlane controlPlane(settings.controlPlane);

    // Clients need the CA as a file, also when nobody said where.
    std::unique_ptr<httptest::testing::TemporaryFolder> folder;
    auto caFile = settings.caOut;
    if (settings.controlPlane.tls && caFile.empty()) {
        folder = std::make_unique<httptest::testing::TemporaryFolder>();
        caFile = folder->path() / "ca.pem";
    }
    if (settings.controlPlane.tls) {
        writePrivateFile(caFile, controlPlane.caCertificatePem());
    }
    auto const version = settings.controlPlane.version;
    ConnectionFiles const files(controlPlane, version, caFile);
    if (!settings.configOut.empty()) {
        writePrivateFile(settings.configOut, files.configJson());
    }
    if (!settings.accountsOut.empty()) {
        writeAccounts(settings.accountsOut, controlPlane, files);
    }
    announce(announcement(controlPlane, version, files));
    waitForEnd(signals, settings.stopAfter);
    return controlPlane.counters();
}

} // namespace runai::testing
