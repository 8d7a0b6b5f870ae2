#include "redact/remembrance.hpp"
#include "redact/secret_finder.hpp"
#include "redact/secret_shapes.hpp"
#include "secret_registry.hpp"

#include <httptest/headers.hpp>
#include <httptest/redactor.hpp>
#include <httptest/secret.hpp>

#include <pthread.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

constexpr std::array<std::string_view, 6> secretHeaders = {
    "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Auth-Token",
};

/// `text` with the mark in place of each of the spans, and one mark for those that overlap.
std::string without(std::vector<TextSpan> spans, std::string_view text) {
    std::sort(spans.begin(), spans.end(), [](TextSpan const& a, TextSpan const& b) { return a.begin < b.begin; });
    std::string result;
    std::size_t done = 0;
    for (auto span = spans.begin(); span != spans.end();) {
        TextSpan all = *span;
        for (++span; span != spans.end() && span->begin < all.end; ++span) {
            all.end = std::max(all.end, span->end);
        }
        result.append(text.substr(done, all.begin - done)).append(redactedMark);
        done = all.end;
    }
    return result.append(text.substr(done));
}

class Redactor {
public:
    static Redactor& instance() {
        // Never destroyed: texts are written until the very end of the process.
        static Redactor* const redactor = [] {
            // A child's first redaction must not wait for a thread that it does not have.
            ::pthread_atfork([] { instance().mutex_.lock(); }, [] { instance().mutex_.unlock(); },
                             [] { instance().mutex_.unlock(); });
            return new Redactor();
        }();
        return *redactor;
    }

    void hold(std::string_view secret) {
        change(secret, [](Remembrance& known) { known.hold(); });
    }

    void release(std::string_view secret) noexcept {
        std::lock_guard const lock(mutex_);
        auto const found = known_.find(secret);
        if (found != known_.end()) {
            found->second.release(BootClock::now());
        }
    }

    void add(std::string_view secret) {
        change(secret, [](Remembrance& known) { known.forGood(); });
    }

    void add(std::string_view secret, SteadyTime forgetAt) {
        change(secret, [forgetAt](Remembrance& known) { known.until(forgetAt); });
    }

    std::string withoutKnown(std::string_view text) {
        std::vector<DecodedText> const readings = readingsOf(text);
        std::vector<TextSpan> spans;
        {
            std::lock_guard const lock(mutex_);
            for (DecodedText const& reading : readings) {
                std::vector<TextSpan> found;
                finder_.findIn(reading, found);
                for (TextSpan const& span : found) {
                    spans.push_back(reading.origin(span));
                }
            }
        }
        return without(std::move(spans), text);
    }

private:
    using KnownSecrets = std::map<std::string, Remembrance, std::less<>>;

    template <class Change>
    void change(std::string_view secret, Change apply) {
        if (secret.size() < SecretFinder::shortestSecret) {
            return;
        }
        std::lock_guard const lock(mutex_);
        auto found = known_.find(secret);
        if (found == known_.end()) {
            found = known_.try_emplace(std::string(secret)).first;
            finder_.add(secret);
        }
        apply(found->second);
        forgetEnded(BootClock::now());
    }

    /// Keeps the latest few: by a harness's own clock, a fake one in a test say, they may not have ended yet.
    void forgetEnded(SteadyTime now) {
        constexpr std::size_t kept = 64;
        std::vector<KnownSecrets::iterator> ended;
        for (auto entry = known_.begin(); entry != known_.end(); ++entry) {
            if (entry->second.over(now)) {
                ended.push_back(entry);
            }
        }
        if (ended.size() <= kept) {
            return;
        }
        std::sort(ended.begin(), ended.end(), [](auto a, auto b) { return a->second.endsAt() < b->second.endsAt(); });
        ended.resize(ended.size() - kept);
        for (auto const entry : ended) {
            auto node = known_.extract(entry);
            finder_.remove(node.key());
            wipe(node.key());
        }
    }

    std::mutex mutex_; // guards what follows
    KnownSecrets known_;
    SecretFinder finder_; // of the same secrets
};

} // namespace

void holdSecret(std::string_view text) {
    Redactor::instance().hold(text);
}

void releaseSecret(std::string_view text) noexcept {
    Redactor::instance().release(text);
}

void keepOutOfOutput(std::string_view secret) {
    Redactor::instance().add(secret);
}

void keepOutOfOutput(std::string_view secret, SteadyTime forgetAt) {
    Redactor::instance().add(secret, forgetAt);
}

std::string redacted(std::string_view text) {
    return withoutSecretShapes(Redactor::instance().withoutKnown(text));
}

bool isSecretHeader(std::string_view name) noexcept {
    return std::any_of(secretHeaders.begin(), secretHeaders.end(),
                       [name](std::string_view secret) { return equalsIgnoringCase(secret, name); });
}

} // namespace httptest::v1
