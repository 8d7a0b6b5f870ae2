#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace runai {

namespace {

using Time = std::chrono::steady_clock::time_point;
using End = ChildResult::End;

/// Between the end of a program's output and its own there are microseconds, unless it closed the output itself.
constexpr std::chrono::milliseconds exitPoll{5};
/// A killed process ends at once, unless the kernel holds it in a system call.
constexpr std::chrono::seconds killPatience{5};

class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    int number() const noexcept { return number_; }
    bool open() const noexcept { return number_ >= 0; }
    void close() noexcept {
        if (open()) {
            ::close(std::exchange(number_, -1));
        }
    }

private:
    int number_;
};

[[noreturn]] void throwErrno(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::array<int, 2> newPipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throwErrno("cannot make a pipe");
    }
    return ends;
}

struct Pipe {
    Pipe() : Pipe(newPipe()) {}
    explicit Pipe(std::array<int, 2> ends) : reading(ends[0]), writing(ends[1]) {}
    Descriptor reading;
    Descriptor writing;
};

std::vector<char*> pointers(std::vector<std::string> const& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string const& text : texts) {
        result.push_back(const_cast<char*>(text.c_str())); // posix_spawn does not write to them
    }
    result.push_back(nullptr);
    return result;
}

class SpawnOptions {
public:
    SpawnOptions(int output, int errors) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
#if defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 34)
        // What the tests opened without O_CLOEXEC is not the program's business.
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
#endif
#endif
        sigset_t signals;
        sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnOptions() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }
    SpawnOptions(SpawnOptions const&) = delete;
    SpawnOptions& operator=(SpawnOptions const&) = delete;

    posix_spawn_file_actions_t const* actions() const noexcept {
        return &actions_;
    }
    posix_spawnattr_t const* attributes() const noexcept {
        return &attributes_;
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

/// A started program until its end was awaited.
class Child {
public:
    explicit Child(pid_t id) noexcept : id_(id) {}
    ~Child() {
        if (id_ > 0) {
            ::kill(-id_, SIGKILL); // not awaited yet, so that the group cannot be another's
            awaitUntil(std::chrono::steady_clock::now() + killPatience, [] { return true; });
        }
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    /// Its wait status; nothing when it still runs at `end`, or when `goOn` said no.
    template <class GoOn>
    std::optional<int> awaitUntil(Time end, GoOn const& goOn) noexcept {
        while (true) {
            int status = 0;
            pid_t const ended = ::waitpid(id_, &status, WNOHANG);
            if (ended == id_) {
                id_ = 0;
                return status;
            }
            if (ended < 0 && errno != EINTR) {
                id_ = 0; // the process ignores SIGCHLD: the status is lost, the output has to do
                return 0;
            }
            if (!goOn() || std::chrono::steady_clock::now() >= end) {
                return std::nullopt;
            }
            ::poll(nullptr, 0, static_cast<int>(exitPoll.count()));
        }
    }

private:
    pid_t id_;
};

/// Reads once; false at the end.
bool readSome(int descriptor, std::string& text) {
    std::array<char, 4096> buffer{};
    ssize_t const count = ::read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

/// Keeps whole lines: a secret of which the beginning is cut off would not be recognised.
void keepTail(std::string& text, std::size_t limit) {
    if (text.size() > limit) {
        std::size_t const lineEnd = text.find('\n', text.size() - limit);
        text.erase(0, lineEnd == std::string::npos ? text.size() : lineEnd + 1);
    }
}

/// Collects what the program prints until it closes both outputs; what stopped that, if something did.
std::optional<End> collect(Descriptor& output, Descriptor& errors, int wake, ChildLimits const& limits, Time end,
                           ChildResult& result) {
    while (output.open() || errors.open()) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return End::timedOut;
        }
        std::array<pollfd, 3> waited{{{output.number(), POLLIN, 0}, {errors.number(), POLLIN, 0}, {wake, POLLIN, 0}}};
        auto const milliseconds = static_cast<int>(std::min<std::int64_t>(left.count(), 60'000));
        if (::poll(waited.data(), waited.size(), milliseconds) < 0) {
            continue; // interrupted: the signal's handler was somebody else's
        }
        if (waited[2].revents != 0) {
            return End::cancelled;
        }
        if (waited[0].revents != 0 && !readSome(output.number(), result.output)) {
            output.close();
        }
        if (waited[1].revents != 0 && !readSome(errors.number(), result.errors)) {
            errors.close();
        }
        if (result.output.size() > limits.outputBytes) {
            return End::flooded;
        }
        keepTail(result.errors, limits.errorBytes);
    }
    return std::nullopt;
}

} // namespace

ChildResult runChild(std::vector<std::string> const& arguments, std::vector<std::string> const& environment,
                     ChildLimits const& limits, std::stop_token const& stop) {
    ChildResult result;
    result.output.reserve(limits.outputBytes + 4096); // no reallocation may leave a copy of a secret behind
    Time const end = std::chrono::steady_clock::now() + limits.time;
    Descriptor const wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake.open()) {
        throwErrno("cannot make an event descriptor");
    }
    Pipe output;
    Pipe errors;
    pid_t id = 0;
    {
        SpawnOptions const options(output.writing.number(), errors.writing.number());
        auto const argv = pointers(arguments);
        auto const envp = pointers(environment);
        int const failure =
            ::posix_spawnp(&id, argv[0], options.actions(), options.attributes(), argv.data(), envp.data());
        if (failure != 0) {
            result.end = End::notStarted;
            result.code = failure;
            return result;
        }
    }
    Child child(id);
    output.writing.close();
    errors.writing.close();
    std::stop_callback const wakeUp(stop, [&wake] {
        std::uint64_t const one = 1;
        static_cast<void>(::write(wake.number(), &one, sizeof one));
    });
    if (auto const stopped = collect(output.reading, errors.reading, wake.number(), limits, end, result)) {
        result.end = *stopped;
        return result;
    }
    auto const status = child.awaitUntil(end, [&] { return !stop.stop_requested(); });
    if (!status) {
        result.end = stop.stop_requested() ? End::cancelled : End::timedOut;
        return result;
    }
    result.end = WIFSIGNALED(*status) ? End::killed : End::exited;
    result.code = WIFSIGNALED(*status) ? WTERMSIG(*status) : WEXITSTATUS(*status);
    return result;
}

} // namespace runai
