#include "cleanup/ledger.hpp"
#include "config/notice.hpp"
#include "session/session_core.hpp"
#include "time_text.hpp"

#include <httptest/cleanup.hpp>
#include <httptest/error.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

struct Deletion {
    RequestBuilder request;
    std::vector<int> accepted;
    Location where;
    std::shared_ptr<SessionCore> core; ///< Whose identity sends it.
    std::optional<std::uint64_t> promise;
};

std::optional<std::uint64_t> promiseOf(Deletion const& deletion, std::string const& target) {
    SessionCore const& core = *deletion.core;
    if (core.ledger() == nullptr) {
        return std::nullopt;
    }
    if (redacted(target) != target) {
        noticeOnce("a deletion's path holds a secret, so that it does not stand in the ledger: " + target);
        return std::nullopt;
    }
    cleanup::LedgerEntry entry;
    entry.baseUrl = core.urlOf("/").text();
    entry.identity = core.identity();
    entry.method = deletion.request.method();
    entry.path = target;
    entry.accepted = deletion.accepted;
    entry.time = utcText(core.clock().wall());
    entry.repeatable = !deletion.request.hasBody();
    return core.ledger()->promise(std::move(entry));
}

std::string listOf(std::vector<int> const& codes) {
    std::string text;
    for (int const code : codes) {
        text.append(text.empty() ? "" : ", ").append(std::to_string(code));
    }
    return text;
}

std::string whereItStands(Deletion const& deletion) {
    return deletion.promise ? "; it stands in " + deletion.core->ledger()->path() + " for `httptest sweep`\n" : "\n";
}

/// Sends it. What went wrong; empty for nothing.
std::string problemOf(Deletion const& deletion) {
    std::string const what =
        "left behind: " + deletion.request.method() + " " + deletion.core->urlOf(deletion.request.target()).text();
    try {
        Exchange const exchange = deletion.request.send(deletion.where);
        if (std::find(deletion.accepted.begin(), deletion.accepted.end(), exchange.status()) !=
            deletion.accepted.end()) {
            return {};
        }
        return what + " was answered by " + std::to_string(exchange.status()) + ", expected " +
               listOf(deletion.accepted) + whereItStands(deletion) + exchange.text();
    } catch (std::exception const& error) {
        return what + " got no answer" + whereItStands(deletion) + error.what();
    }
}

} // namespace

class Cleanup::Impl {
public:
    void add(RequestBuilder request, std::vector<int> accepted, Location where) {
        Deletion deletion{std::move(request), std::move(accepted), where, nullptr, std::nullopt};
        std::string const target = deletion.request.target();
        deletion.core = deletion.request.core();
        deletion.core->urlOf(target);
        deletion.promise = promiseOf(deletion, target);
        std::lock_guard const lock(mutex_);
        deletions_.push_back(std::move(deletion));
    }

    void run() {
        std::exception_ptr first;
        while (std::optional<Deletion> const deletion = takeLast()) {
            std::string const problem = problemOf(*deletion);
            if (problem.empty()) {
                if (deletion->promise) {
                    deletion->core->ledger()->done(*deletion->promise);
                }
                continue;
            }
            try {
                report(Outcome::failed, deletion->where, problem);
            } catch (ExpectationFailed const&) {
                first = first ? first : std::current_exception();
            }
        }
        if (first) {
            std::rethrow_exception(first);
        }
    }

    std::size_t size() const {
        std::lock_guard const lock(mutex_);
        return deletions_.size();
    }

    bool ofThisProcess() const { return process_ == ::getpid(); }

private:
    std::optional<Deletion> takeLast() {
        std::lock_guard const lock(mutex_);
        if (deletions_.empty()) {
            return std::nullopt;
        }
        Deletion last = std::move(deletions_.back());
        deletions_.pop_back();
        return last;
    }

    pid_t const process_ = ::getpid();
    mutable std::mutex mutex_; // guards `deletions_`
    std::vector<Deletion> deletions_;
};

Cleanup::Cleanup() : impl_(std::make_unique<Impl>()) {}

Cleanup::~Cleanup() {
    if (!impl_->ofThisProcess()) {
        return;
    }
    try {
        run();
    } catch (std::exception const& error) {
        notice(error.what());
    }
}

void Cleanup::add(RequestBuilder request, Location where) {
    add(std::move(request), {200, 202, 204, 404}, where);
}

void Cleanup::add(RequestBuilder request, std::initializer_list<int> accepted, Location where) {
    try {
        impl_->add(std::move(request), accepted, where);
    } catch (Error& error) {
        error.setLocation(where);
        throw;
    }
}

void Cleanup::run() {
    impl_->run();
}

std::size_t Cleanup::size() const {
    return impl_->size();
}

} // namespace httptest::v1
