#include "config/notice.hpp"

#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <set>

namespace httptest::inline v1 {

namespace {

struct Written {
    std::mutex mutex; // guards `texts`
    std::set<std::string> texts;
};

/// Never destroyed: a static of the suite may still read a secret at exit.
Written& written() {
    static Written& instance = *std::make_unique<Written>().release();
    return instance;
}

} // namespace

void notice(std::string const& text) noexcept {
    try {
        std::fprintf(stderr, "httptest: %s\n", cleanForXml(redacted(text)).c_str());
    } catch (std::exception const&) {
        // A notice is worth no test.
    }
}

void noticeOnce(std::string const& text) noexcept {
    try {
        Written& before = written();
        std::lock_guard const lock(before.mutex);
        if (before.texts.insert(text).second) {
            notice(text);
        }
    } catch (std::exception const&) {
        // A notice is worth no test.
    }
}

} // namespace httptest::v1
