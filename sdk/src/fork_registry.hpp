#pragma once

namespace httptest::inline v1 {

/// Something with locks that must survive fork(): the parent's threads are not in the child, whatever they held.
class ForkAware {
public:
    virtual ~ForkAware() = default;
    virtual void beforeFork() = 0; ///< Take the lock, so that what it guards is whole in both processes.
    virtual void afterForkInParent() = 0;
    virtual void afterForkInChild() = 0; ///< Start empty, with fresh locks.
};

/// Keeps an object registered for as long as this lives.
class ForkRegistration {
public:
    explicit ForkRegistration(ForkAware& object);
    ~ForkRegistration();
    ForkRegistration(ForkRegistration const&) = delete;
    ForkRegistration& operator=(ForkRegistration const&) = delete;

private:
    ForkAware& object_;
};

} // namespace httptest::v1
