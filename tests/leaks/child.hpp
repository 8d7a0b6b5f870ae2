#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace leaks {

using Variables = std::map<std::string, std::string>;

/// What to start. The child has these variables alone.
struct Command {
    std::string program;
    std::vector<std::string> arguments;
    Variables variables;
    /// Its working folder, which gets what it writes to its standard streams (`<name>.stdout`, `<name>.stderr`), the
    /// command lines of it and its descendants (`<name>.cmdlines`), and the environments of programs that it starts
    /// (`<name>.environments`).
    std::filesystem::path folder;
    std::string name;
};

/// A running program that is watched. Its destructor kills it, with all that it started.
class Child {
public:
    /// @throws std::system_error
    explicit Child(Command command);
    ~Child();
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    pid_t number() const noexcept { return process_; }

    /// Waits for its end. Its exit code; the negative number of the signal that ended it.
    /// @throws std::runtime_error  It does not end in this time.
    int end(std::chrono::seconds limit = std::chrono::seconds(100));

private:
    void kill() noexcept;

    Command command_;
    pid_t process_ = 0; // 0 once its end was awaited
    std::jthread watch_;
};

/// Runs it to its end, as `Child::end`.
int run(Command command);

} // namespace leaks
