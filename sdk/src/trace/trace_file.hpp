#pragma once

#include "wire/descriptor.hpp"

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// Where the trace is written: standard error, or a file for each process. Thread-safe, and after fork() the child
/// writes to a file of its own; nothing is locked.
class TraceFile {
public:
    /// Standard error.
    TraceFile() = default;

    /// @param pattern  The file's name; the process's number stands in it for `%p`, else before its extension.
    /// @throws Misconfigured  It cannot be made, or it is a link or a file that others can read.
    explicit TraceFile(std::string pattern);
    ~TraceFile();
    TraceFile(TraceFile const&) = delete;
    TraceFile& operator=(TraceFile const&) = delete;

    /// Writes whole lines by one system call, so that those of threads and processes do not mix. What cannot be written
    /// is lost: a trace never fails a test.
    void write(std::string_view lines) noexcept;

private:
    struct Opened {
        pid_t process;
        wire::Descriptor file;
        std::unique_ptr<Opened const> before; // the parent's, which a thread of the child may still be looking at
    };

    int descriptor();

    std::string pattern_; // empty for standard error
    std::atomic<Opened const*> opened_{nullptr};
};

/// The name of a process's file.
std::string traceFileName(std::string pattern, pid_t process);

} // namespace httptest::v1
