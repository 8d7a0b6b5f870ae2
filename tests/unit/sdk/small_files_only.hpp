#pragma once

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

#include <csignal>

/// What a full disk does: a write that fails after a file's first 64 bytes.
class SmallFilesOnly {
public:
    SmallFilesOnly() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        rlimit small = before_;
        small.rlim_cur = 64;
        BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    }
    ~SmallFilesOnly() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    SmallFilesOnly(SmallFilesOnly const&) = delete;
    SmallFilesOnly& operator=(SmallFilesOnly const&) = delete;

private:
    void (*handler_)(int);
    rlimit before_{};
};
