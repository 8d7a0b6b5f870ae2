#pragma once

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

#include <csignal>

namespace httptest::testing {

/// What a full disk does: while it lives a write fails after a file's first `bytes`.
class SmallFilesOnly {
public:
    explicit SmallFilesOnly(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        rlimit small = before_;
        small.rlim_cur = bytes;
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

} // namespace httptest::testing
