#include "background.hpp"

#include "connection_files.hpp"
#include "private_file.hpp"
#include "service.hpp"

#include <Poco/Exception.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <csignal>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace runai::testing {

namespace {

constexpr std::string_view ready = "ready\n";
constexpr std::chrono::seconds endTimeout{10};
constexpr std::chrono::milliseconds endPoll{5};

Descriptor open(std::filesystem::path const& path, int flags) {
    Descriptor file(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0) {
        throwErrno("cannot open", path);
    }
    return file;
}

bool tryLock(Descriptor const& file) {
    return ::flock(file.number(), LOCK_EX | LOCK_NB) == 0;
}

/// The server holds the lock of its pid file as long as it lives: unlike a process id, a lock is never reused.
Descriptor claim(std::filesystem::path const& pidFile) {
    auto file = open(pidFile, O_RDWR | O_CREAT);
    if (!tryLock(file)) {
        throw std::runtime_error("a server is running in " + pidFile.parent_path().string() +
                                 " already; end it with --stop");
    }
    if (::ftruncate(file.number(), 0) != 0) {
        throwErrno("cannot empty", pidFile);
    }
    writeAll(file.number(), std::to_string(::getpid()) + "\n");
    return file;
}

/// Standard streams away from the terminal, so that whoever started this can end.
void detach(std::filesystem::path const& folder) {
    ::setsid();
    auto const nothing = open("/dev/null", O_RDONLY);
    auto const log = open(folder / "log", O_WRONLY | O_CREAT | O_APPEND);
    ::dup2(nothing.number(), STDIN_FILENO);
    ::dup2(log.number(), STDOUT_FILENO);
    ::dup2(log.number(), STDERR_FILENO);
    std::filesystem::current_path("/");
}

Settings withFilesIn(std::filesystem::path const& folder, Settings settings) {
    if (settings.controlPlane.tls && settings.caOut.empty()) {
        settings.caOut = folder / "ca.pem";
    }
    if (settings.configOut.empty()) {
        settings.configOut = folder / "config.json";
    }
    if (settings.accountsOut.empty()) {
        settings.accountsOut = folder;
    }
    return settings;
}

/// The server's own process. Tells `starter` that it is ready, or why it is not.
int serveInBackground(Settings const& settings, Descriptor starter) {
    auto const fail = [&](std::string const& reason) {
        writeAll(starter.number() >= 0 ? starter.number() : STDERR_FILENO, reason);
        return 1;
    };
    try {
        auto const& folder = settings.folder;
        auto const claimed = claim(folder / "pid");
        std::filesystem::remove(folder / "counters.json");
        detach(folder);
        auto const counters = serve(withFilesIn(folder, settings), [&](std::string const& announcement) {
            writeAll(starter.number(), std::string(ready) + announcement);
            starter.close();
        });
        writePrivateFile(folder / "counters.json", countersJson(counters));
        return 0;
    } catch (Poco::Exception const& error) {
        return fail(error.displayText());
    } catch (std::exception const& error) {
        return fail(error.what());
    }
}

} // namespace

std::string startInBackground(Settings const& settings) {
    makePrivateFolder(settings.folder);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throwErrno("cannot make a pipe");
    }
    Descriptor const server(ends[0]);
    Descriptor starter(ends[1]);
    auto const pid = ::fork();
    if (pid < 0) {
        throwErrno("cannot start a process");
    }
    if (pid == 0) {
        std::_Exit(serveInBackground(settings, std::move(starter)));
    }
    starter.close();
    auto const answer = readAll(server.number());
    if (!answer.starts_with(ready)) {
        throw std::runtime_error(answer.empty() ? "the server ended before it was ready" : answer);
    }
    return answer.substr(ready.size());
}

std::string stopInBackground(std::filesystem::path const& folder) {
    auto const pidFile = open(folder / "pid", O_RDWR);
    auto const end = std::chrono::steady_clock::now() + endTimeout;
    for (auto told = false; !tryLock(pidFile); told = true) {
        if (!told) {
            ::kill(std::stoi(readAll(pidFile.number())), SIGTERM);
        }
        if (std::chrono::steady_clock::now() >= end) {
            throw std::runtime_error("the server in " + folder.string() + " does not end");
        }
        std::this_thread::sleep_for(endPoll);
    }
    return countersLine(readAll(open(folder / "counters.json", O_RDONLY).number()));
}

} // namespace runai::testing
