#include "config/notice.hpp"

#include "fork_registry.hpp"

#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <set>

namespace httptest::inline v1 {

namespace {

class Written final : ForkAware {
public:
    /// Whether it is the first time.
    bool add(std::string const& text) {
        std::lock_guard const lock(mutex_);
        return texts_.insert(text).second;
    }

private:
    void beforeFork() override { mutex_.lock(); }
    void afterForkInParent() override { mutex_.unlock(); }
    void afterForkInChild() override { mutex_.unlock(); }

    std::mutex mutex_; // guards texts_
    std::set<std::string> texts_;
    ForkRegistration registration_{*this, ForkOrder::notices};
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
        if (written().add(text)) {
            notice(text);
        }
    } catch (std::exception const&) {
        // A notice is worth no test.
    }
}

} // namespace httptest::v1
