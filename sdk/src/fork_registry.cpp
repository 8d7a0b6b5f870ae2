#include "token/fork_registry.hpp"

#include <httptest/redactor.hpp>

#include <pthread.h>

#include <mutex>
#include <vector>

namespace httptest::inline v1 {

namespace {

struct Registry {
    std::mutex mutex; // guards objects; held across fork()
    std::vector<ForkAware*> objects;

    static Registry& instance() {
        // Never destroyed: a process may fork while its statics are torn down.
        static Registry* const registry = [] {
            // Handlers that prepare a fork run latest first. Whoever holds a lock of ours may wait for the redactor's,
            // never the reverse: the redactor registers its own before.
            static_cast<void>(redacted(""));
            ::pthread_atfork(&before, &inParent, &inChild);
            return new Registry();
        }();
        return *registry;
    }

    static void before() {
        instance().mutex.lock();
        for (ForkAware* const object : instance().objects) {
            object->beforeFork();
        }
    }

    static void inParent() {
        for (ForkAware* const object : instance().objects) {
            object->afterForkInParent();
        }
        instance().mutex.unlock();
    }

    static void inChild() {
        for (ForkAware* const object : instance().objects) {
            object->afterForkInChild();
        }
        instance().mutex.unlock();
    }
};

} // namespace

ForkRegistration::ForkRegistration(ForkAware& object) : object_(object) {
    std::lock_guard const lock(Registry::instance().mutex);
    Registry::instance().objects.push_back(&object_);
}

ForkRegistration::~ForkRegistration() {
    std::lock_guard const lock(Registry::instance().mutex);
    std::erase(Registry::instance().objects, &object_);
}

} // namespace httptest::v1
