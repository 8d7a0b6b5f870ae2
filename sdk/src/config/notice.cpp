#include "config/notice.hpp"

#include <httptest/redactor.hpp>

#include <cstdio>
#include <exception>
#include <mutex>
#include <set>

namespace httptest::inline v1 {

void noticeOnce(std::string const& text) noexcept {
    // Never destroyed: a static of the suite may still read a secret at exit.
    static auto& mutex = *new std::mutex; // guards `written`
    static auto& written = *new std::set<std::string>;
    try {
        std::lock_guard const lock(mutex);
        if (written.insert(text).second) {
            std::fprintf(stderr, "httptest: %s\n", redacted(text).c_str());
        }
    } catch (std::exception const&) {
        // A notice is worth no test.
    }
}

} // namespace httptest::v1
