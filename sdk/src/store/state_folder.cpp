#include "store/state_folder.hpp"

#include <httptest/token_store.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>

namespace httptest::store {

namespace {

constexpr mode_t others = S_IRWXG | S_IRWXO;

std::string errorText(int error) {
    return std::generic_category().message(error);
}

[[noreturn]] void fail(std::string const& what, int error) {
    throw StoreUnavailable(what + ": " + errorText(error));
}

/// Makes the folder if it is missing, and enters it if it is ours alone.
Descriptor enter(int parent, std::string const& name, std::string const& path) {
    if (::mkdirat(parent, name.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        fail("cannot make the folder '" + path + "'", errno);
    }
    Descriptor folder(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) {
        int const error = errno;
        if (error == ELOOP || error == ENOTDIR) {
            throw StoreUnavailable("'" + path + "' is no folder, or a symbolic link, which is not followed");
        }
        fail("cannot open the folder '" + path + "'", error);
    }
    struct stat status {};
    if (::fstat(folder.get(), &status) != 0) {
        fail("cannot look at the folder '" + path + "'", errno);
    }
    if (status.st_uid != ::geteuid()) {
        throw StoreUnavailable("the folder '" + path + "' belongs to user " + std::to_string(status.st_uid) +
                               ", not to this process's user " + std::to_string(::geteuid()) +
                               "; name another one in HTTPTEST_STATE_DIR");
    }
    if ((status.st_mode & others) != 0) {
        throw StoreUnavailable("the folder '" + path + "' is open to others: chmod 700 it");
    }
    return folder;
}

char const* nonEmpty(char const* variable) {
    char const* const value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

} // namespace

std::string stateFolderPath(std::string const& configured) {
    if (!configured.empty()) {
        return configured;
    }
    // No HOME and no passwd entry: containers run under user numbers that nobody has heard of.
    if (char const* const runtime = nonEmpty("XDG_RUNTIME_DIR"); runtime != nullptr && ::access(runtime, W_OK) == 0) {
        return std::string(runtime) + "/httptest";
    }
    char const* const temporary = nonEmpty("TMPDIR");
    return std::string(temporary != nullptr ? temporary : "/tmp") + "/httptest-" + std::to_string(::geteuid());
}

StateFolder::StateFolder(std::string const& configured, std::string const& subfolder) {
    std::string const state = stateFolderPath(configured);
    Descriptor const outer = enter(AT_FDCWD, state, state);
    path_ = state + "/" + subfolder;
    folder_ = enter(outer.get(), subfolder, path_);
}

Descriptor StateFolder::openToRead(std::string const& name) const {
    Descriptor file(::openat(folder_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file && errno != ENOENT && errno != ELOOP) {
        fail("cannot open '" + path_ + "/" + name + "'", errno);
    }
    return file;
}

Descriptor StateFolder::openToLock(std::string const& name) const {
    constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    Descriptor file(::openat(folder_.get(), name.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!file) {
        fail("cannot open '" + path_ + "/" + name + "'", errno);
    }
    return file;
}

Descriptor StateFolder::openToAppend(std::string const& name) const {
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor file(::openat(folder_.get(), name.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!file) {
        fail("cannot make '" + path_ + "/" + name + "'", errno);
    }
    return file;
}

std::optional<std::string> StateFolder::read(Descriptor const& file, std::size_t longest) const {
    struct stat status {};
    bool const ours = ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
                      (status.st_mode & others) == 0;
    if (!ours || status.st_size < 0 || static_cast<std::size_t>(status.st_size) > longest) {
        return std::nullopt;
    }
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t got = 0;
    while (got < text.size()) {
        ssize_t const more = ::pread(file.get(), text.data() + got, text.size() - got, static_cast<off_t>(got));
        if (more < 0 && errno == EINTR) {
            continue;
        }
        if (more <= 0) {
            return std::nullopt;
        }
        got += static_cast<std::size_t>(more);
    }
    return text;
}

void StateFolder::writeNew(std::string const& temporary, std::string const& contents) const {
    // What a killed process left: nobody else writes this name, since its slot's lock is ours.
    ::unlinkat(folder_.get(), temporary.c_str(), 0);
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor const file(::openat(folder_.get(), temporary.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!file) {
        fail("cannot make '" + path_ + "/" + temporary + "'", errno);
    }
    std::string_view left = contents;
    while (!left.empty()) {
        ssize_t const wrote = ::write(file.get(), left.data(), left.size());
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            int const error = errno;
            remove(temporary);
            fail("cannot write '" + path_ + "/" + temporary + "'", error);
        }
        left.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

void StateFolder::rename(std::string const& temporary, std::string const& name) const {
    if (::renameat(folder_.get(), temporary.c_str(), folder_.get(), name.c_str()) != 0) {
        int const error = errno;
        remove(temporary);
        fail("cannot rename '" + path_ + "/" + temporary + "'", error);
    }
}

bool StateFolder::remove(std::string const& name) const noexcept {
    return ::unlinkat(folder_.get(), name.c_str(), 0) == 0;
}

std::vector<std::string> StateFolder::names() const {
    struct Closed {
        void operator()(DIR* folder) const noexcept { ::closedir(folder); }
    };
    int const copy = ::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    std::unique_ptr<DIR, Closed> const folder(copy >= 0 ? ::fdopendir(copy) : nullptr);
    if (!folder) {
        fail("cannot list '" + path_ + "'", errno);
    }
    std::vector<std::string> names;
    while (dirent const* const entry = ::readdir(folder.get())) {
        if (entry->d_name[0] != '.') {
            names.emplace_back(entry->d_name);
        }
    }
    return names;
}

} // namespace httptest::store
