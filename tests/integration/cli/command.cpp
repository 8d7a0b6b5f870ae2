#include "command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace {

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    int get() const { return number_; }
    void close() {
        if (number_ >= 0) {
            ::close(std::exchange(number_, -1));
        }
    }

private:
    int number_;
};

struct Ends {
    Descriptor reading;
    Descriptor writing;
};

Ends makePipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Ends makeTerminal() {
    Ends ends;
    ends.reading = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    std::array<char, 64> name{};
    if (ends.reading.get() < 0 || ::grantpt(ends.reading.get()) != 0 || ::unlockpt(ends.reading.get()) != 0 ||
        ::ptsname_r(ends.reading.get(), name.data(), name.size()) != 0) {
        throw std::system_error(errno, std::generic_category(), "a pseudo-terminal");
    }
    ends.writing = Descriptor(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    return ends;
}

class FileActions {
public:
    FileActions() { ::posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(FileActions const&) = delete;
    FileActions& operator=(FileActions const&) = delete;

    void duplicate(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
    void open(int descriptor, char const* file, int how) {
        ::posix_spawn_file_actions_addopen(&actions_, descriptor, file, how, 0);
    }
    void close(int descriptor) { ::posix_spawn_file_actions_addclose(&actions_, descriptor); }
    posix_spawn_file_actions_t const* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

/// The two ends of a child's standard output, where there are two.
class OutputEnds {
public:
    explicit OutputEnds(Output output) : output_(output) {
        if (output == Output::terminal) {
            ends_ = makeTerminal();
        } else if (output == Output::captured || output == Output::nobody) {
            ends_ = makePipe();
        }
        if (output == Output::nobody) {
            ends_.reading.close();
        }
    }

    void giveTo(FileActions& actions) const {
        switch (output_) {
        case Output::full: actions.open(STDOUT_FILENO, "/dev/full", O_WRONLY); break;
        case Output::closed:
            actions.open(STDOUT_FILENO, "/dev/null", O_WRONLY); // whatever it was, it is there to be closed
            actions.close(STDOUT_FILENO);
            break;
        default: actions.duplicate(ends_.writing.get(), STDOUT_FILENO);
        }
    }

    int reading() const { return ends_.reading.get(); }
    void closeWriting() { ends_.writing.close(); }

private:
    Output output_;
    Ends ends_;
};

/// Reads both to their ends at once, so that neither fills up.
void drain(int first, std::string& firstText, int second, std::string& secondText) {
    std::array<pollfd, 2> waited{pollfd{first, POLLIN, 0}, pollfd{second, POLLIN, 0}};
    std::array<std::string*, 2> const texts{&firstText, &secondText};
    while (waited[0].fd >= 0 || waited[1].fd >= 0) {
        ::poll(waited.data(), waited.size(), -1);
        for (std::size_t i = 0; i < waited.size(); ++i) {
            if (waited[i].fd < 0 || waited[i].revents == 0) {
                continue;
            }
            std::array<char, 4096> bytes{};
            auto const count = ::read(waited[i].fd, bytes.data(), bytes.size());
            if (count > 0) {
                texts[i]->append(bytes.data(), static_cast<std::size_t>(count));
            } else {
                waited[i].fd = -1;
            }
        }
    }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment(Variables variables) {
    for (char const* const name : {"PATH", "TMPDIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (char const* const value = std::getenv(name); value != nullptr) {
            variables.emplace(name, value);
        }
    }
    std::vector<std::string> result;
    for (auto const& [name, value] : variables) {
        result.push_back(name + "=" + value);
    }
    return result;
}

} // namespace

Ended runProgram(std::string const& program, std::vector<std::string> const& arguments, Variables const& variables,
                 Output output) {
    OutputEnds ends(output);
    Ends errors = makePipe();
    FileActions actions;
    actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
    ends.giveTo(actions);
    actions.duplicate(errors.writing.get(), STDERR_FILENO);
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> settings = environment(variables);
    pid_t child = 0;
    int const error = ::posix_spawn(&child, program.c_str(), actions.get(), nullptr, pointers(words).data(),
                                    pointers(settings).data());
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), program);
    }
    ends.closeWriting();
    errors.writing.close();
    Ended ended;
    drain(ends.reading(), ended.output, errors.reading.get(), ended.errors);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ended.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return ended;
}

Ended runCommand(std::vector<std::string> const& arguments, Variables const& variables, Output output) {
    return runProgram(HTTPTEST_COMMAND, arguments, variables, output);
}
