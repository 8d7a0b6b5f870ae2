#include "fork_registry.hpp"

#include <httptest/redactor.hpp>

#include <pthread.h>

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

namespace httptest::inline v1 {

namespace {

struct Rank {
    std::mutex mutex; // guards objects; held across fork()
    std::vector<ForkAware*> objects;
};

class Registry {
public:
    static Registry& instance() {
        // Never destroyed: a process may fork while its statics are torn down.
        static Registry* const registry = [] {
            // Handlers that prepare a fork run latest first. Whoever holds a lock of ours may wait for the redactor's,
            // never the reverse: the redactor registers its own before.
            static_cast<void>(redacted(""));
            ::pthread_atfork([] { instance().before(); }, [] { instance().after(&ForkAware::afterForkInParent); },
                             [] { instance().after(&ForkAware::afterForkInChild); });
            return new Registry();
        }();
        return *registry;
    }

    Rank& of(ForkOrder order) { return ranks_.at(static_cast<std::size_t>(order)); }

private:
    /// Rank by rank: who makes an identity registers its parts, and must not wait for us while we wait for it.
    void before() {
        for (Rank& rank : ranks_) {
            rank.mutex.lock();
            for (ForkAware* const object : rank.objects) {
                object->beforeFork();
            }
        }
    }

    void after(void (ForkAware::*fork)()) {
        for (Rank& rank : ranks_) {
            for (ForkAware* const object : rank.objects) {
                (object->*fork)();
            }
            rank.mutex.unlock();
        }
    }

    std::array<Rank, 3> ranks_; // by ForkOrder
};

} // namespace

ForkRegistration::ForkRegistration(ForkAware& object, ForkOrder order) : object_(object), order_(order) {
    Rank& rank = Registry::instance().of(order_);
    std::lock_guard const lock(rank.mutex);
    rank.objects.push_back(&object_);
}

ForkRegistration::~ForkRegistration() {
    Rank& rank = Registry::instance().of(order_);
    std::lock_guard const lock(rank.mutex);
    std::erase(rank.objects, &object_);
}

} // namespace httptest::v1
