#pragma once

#include <httptest/testing/temporary_folder.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

/// What `action` writes to the process's standard error.
inline std::string writtenToStderr(std::function<void()> const& action) {
    httptest::testing::TemporaryFolder const folder;
    std::string const path = (folder.path() / "stderr").string();
    int const kept = ::dup(STDERR_FILENO);
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    std::fflush(stderr);
    ::dup2(file, STDERR_FILENO);
    action();
    std::fflush(stderr);
    ::dup2(kept, STDERR_FILENO);
    ::close(file);
    ::close(kept);
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}
