#include "left_ledger.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace httptest::cli {

namespace {

constexpr std::size_t longestLedger = std::size_t{64} * 1024 * 1024;

[[noreturn]] void fail(std::string const& path, std::string const& what) {
    throw LedgerError(path + ": " + what);
}

/// Whoever can write a ledger could make us delete things.
void requireOurs(std::string const& path, wire::Descriptor const& file) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        fail(path, "is no file");
    }
    if (status.st_uid != ::geteuid()) {
        fail(path, "belongs to somebody else, so that it is not swept");
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        fail(path, "can be written by others, so that it is not swept; look at it, then chmod go-w it");
    }
}

std::string contentOf(std::string const& path, wire::Descriptor const& file) {
    std::string text;
    std::array<char, 65536> buffer{};
    while (true) {
        ssize_t const got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            fail(path, std::string("cannot be read: ") + std::strerror(errno));
        }
        if (got == 0) {
            return text;
        }
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > longestLedger) {
            fail(path, "is over 64 MiB; is it a ledger?");
        }
    }
}

} // namespace

LeftLedger::LeftLedger(std::string path, Access access) : path_(std::move(path)) {
    int const mode = access == Access::write ? O_RDWR | O_APPEND : O_RDONLY;
    file_ = wire::Descriptor(::open(path_.c_str(), mode | O_CLOEXEC | O_NONBLOCK));
    if (!file_) {
        fail(path_, std::string("cannot be opened: ") + std::strerror(errno));
    }
    requireOurs(path_, file_);
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
        fail(path_, "is in use: its process is alive and will delete what it lists");
    }
    contents_ = cleanup::readLedger(contentOf(path_, file_));
}

void LeftLedger::done(std::uint64_t number) {
    // After a torn line, which must not swallow ours.
    std::string const line = (std::exchange(contents_.torn, false) ? "\n" : "") + cleanup::doneLine(number);
    if (::write(file_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        fail(path_, std::string("cannot be written: ") + std::strerror(errno));
    }
}

void LeftLedger::remove() {
    if (::unlink(path_.c_str()) != 0) {
        fail(path_, std::string("cannot be removed: ") + std::strerror(errno));
    }
}

} // namespace httptest::cli
