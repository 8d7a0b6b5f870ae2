#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <system_error>
#include <utility>

namespace leaks {

namespace fs = std::filesystem;

namespace {

constexpr int pollMs = 2;

fs::path fileOf(Command const& command, char const* kind) {
    return command.folder / (command.name + "." + kind);
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

class FileActions {
public:
    explicit FileActions(Command const& command) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        add(STDOUT_FILENO, fileOf(command, "stdout"));
        add(STDERR_FILENO, fileOf(command, "stderr"));
        ::posix_spawn_file_actions_addchdir_np(&actions_, command.folder.c_str());
    }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(FileActions const&) = delete;
    FileActions& operator=(FileActions const&) = delete;

    posix_spawn_file_actions_t const* get() const { return &actions_; }

private:
    void add(int descriptor, fs::path const& file) {
        ::posix_spawn_file_actions_addopen(&actions_, descriptor, file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    }

    posix_spawn_file_actions_t actions_{};
};

/// In a process group of its own.
class Attributes {
public:
    Attributes() {
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(Attributes const&) = delete;
    Attributes& operator=(Attributes const&) = delete;

    posix_spawnattr_t const* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// Of a file of /proc, whose process may end meanwhile.
std::string toldByProc(fs::path const& file) {
    std::string content;
    int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    std::array<char, 4096> part{};
    for (ssize_t got = 0; descriptor >= 0 && (got = ::read(descriptor, part.data(), part.size())) > 0;) {
        content.append(part.data(), static_cast<std::size_t>(got));
    }
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return content;
}

fs::path folderOf(pid_t process) {
    return "/proc/" + std::to_string(process);
}

/// The processes that `process` and its children started; those that end meanwhile are left out.
void collectDescendants(pid_t process, std::vector<pid_t>& found) {
    std::error_code gone;
    for (fs::directory_iterator thread(folderOf(process) / "task", gone), end; !gone && thread != end;
         thread.increment(gone)) {
        std::istringstream children(toldByProc(thread->path() / "children"));
        for (pid_t child = 0; children >> child;) {
            found.push_back(child);
            collectDescendants(child, found);
        }
    }
}

/// Remembers what /proc tells everybody of a process and of the programs that it starts.
class Watch {
public:
    explicit Watch(pid_t process) : process_(process), program_(programOf(process)) {}

    void look() {
        cmdlines_.insert(toldByProc(folderOf(process_) / "cmdline"));
        std::vector<pid_t> descendants;
        collectDescendants(process_, descendants);
        for (pid_t const child : descendants) {
            cmdlines_.insert(toldByProc(folderOf(child) / "cmdline"));
            // First of all: until it executes its program a child has the parent's memory, with the parent's variables.
            fs::path const program = programOf(child);
            if (!program.empty() && program != program_) {
                environments_.insert(toldByProc(folderOf(child) / "environ"));
            }
        }
    }

    void write(Command const& command) const {
        writeTo(fileOf(command, "cmdlines"), cmdlines_);
        writeTo(fileOf(command, "environments"), environments_);
    }

private:
    static fs::path programOf(pid_t process) {
        std::error_code gone;
        return fs::read_symlink(folderOf(process) / "exe", gone);
    }

    static void writeTo(fs::path const& file, std::set<std::string> const& texts) {
        std::ofstream stream(file, std::ios::app | std::ios::binary);
        for (std::string const& text : texts) {
            stream << text << '\n';
        }
    }

    pid_t process_;
    fs::path program_;
    std::set<std::string> cmdlines_;
    std::set<std::string> environments_;
};

} // namespace

Child::Child(Command command) : command_(std::move(command)) {
    std::vector<std::string> words{command_.program};
    words.insert(words.end(), command_.arguments.begin(), command_.arguments.end());
    std::vector<std::string> settings;
    for (auto const& [name, value] : command_.variables) {
        settings.push_back(name + "=" + value);
    }
    int const error = ::posix_spawn(&process_, command_.program.c_str(), FileActions(command_).get(),
                                    Attributes().get(), pointers(words).data(), pointers(settings).data());
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), command_.program);
    }
    watch_ = std::jthread([this, process = process_](std::stop_token const& stop) {
        Watch watch(process);
        while (!stop.stop_requested()) {
            watch.look();
            ::poll(nullptr, 0, pollMs);
        }
        watch.write(command_);
    });
}

Child::~Child() {
    kill();
}

int Child::end(std::chrono::seconds limit) {
    auto const until = std::chrono::steady_clock::now() + limit;
    int status = 0;
    for (pid_t ended = 0; ended != process_; ended = ::waitpid(process_, &status, WNOHANG)) {
        if (std::chrono::steady_clock::now() > until) {
            kill();
            throw std::runtime_error(command_.program + " does not end");
        }
        ::poll(nullptr, 0, pollMs);
    }
    ::kill(-process_, SIGKILL); // what it left behind
    process_ = 0;
    watch_.request_stop();
    watch_.join();
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void Child::kill() noexcept {
    if (process_ > 0) {
        ::kill(-process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = 0;
    }
}

int run(Command command) {
    return Child(std::move(command)).end();
}

} // namespace leaks
