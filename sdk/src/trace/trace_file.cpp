#include "trace/trace_file.hpp"

#include <httptest/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <memory>
#include <system_error>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// Opens the file for appending if it is ours alone. One of an earlier process with this number is added to: in
/// containers numbers repeat.
wire::Descriptor openedTraceFile(std::string const& name) {
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    wire::Descriptor file(::open(name.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!file) {
        throw Misconfigured(
            "log_file: cannot open '" + name + "': " +
            (errno == ELOOP ? "it is a symbolic link, which is not followed" : std::generic_category().message(errno)));
    }
    struct stat status {};
    bool const oursAlone = ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
                           status.st_uid == ::geteuid() && status.st_nlink == 1 &&
                           (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    if (!oursAlone) {
        throw Misconfigured("log_file: '" + name +
                            "' exists and is no file of yours alone; remove it, or make it so (chmod 600)");
    }
    return file;
}

} // namespace

std::string traceFileName(std::string pattern, pid_t process) {
    constexpr std::string_view mark = "%p";
    std::string const number = std::to_string(process);
    if (pattern.find(mark) == std::string::npos) {
        std::size_t const base = pattern.rfind('/') + 1; // 0 where there is none
        std::size_t const dot = pattern.rfind('.');
        std::size_t const end = dot == std::string::npos || dot <= base ? pattern.size() : dot;
        return pattern.insert(end, "." + number);
    }
    for (auto at = pattern.find(mark); at != std::string::npos; at = pattern.find(mark, at + number.size())) {
        pattern.replace(at, mark.size(), number);
    }
    return pattern;
}

TraceFile::TraceFile(std::string pattern) : pattern_(std::move(pattern)) {
    static_cast<void>(descriptor());
}

TraceFile::~TraceFile() {
    std::unique_ptr<Opened const> const opened(opened_.load());
}

int TraceFile::descriptor() {
    Opened const* current = opened_.load(std::memory_order_acquire);
    pid_t const process = ::getpid();
    if (current != nullptr && current->process == process) {
        return current->file.get();
    }
    auto fresh = std::make_unique<Opened>(Opened{process, openedTraceFile(traceFileName(pattern_, process)), nullptr});
    fresh->before.reset(current);
    if (opened_.compare_exchange_strong(current, fresh.get())) {
        return fresh.release()->file.get();
    }
    static_cast<void>(fresh->before.release()); // another thread of the child was first
    return current->file.get();
}

void TraceFile::write(std::string_view lines) noexcept {
    int file = STDERR_FILENO;
    try {
        file = pattern_.empty() ? STDERR_FILENO : descriptor();
    } catch (std::exception const&) {
        // A child that cannot have a file of its own writes where it is seen.
    }
    while (!lines.empty()) {
        ssize_t const wrote = ::write(file, lines.data(), lines.size());
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return;
        }
        lines.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

} // namespace httptest::v1
