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

/// Before a fork locks are taken in this order, as threads take one while they hold another.
enum class ForkOrder {
    identities, ///< Held while identities are made, and so while parts are registered.
    parts,      ///< Hold none of each other's.
    notices,    ///< Taken by whoever has something to say. The redactor's comes after all of them.
};

/// Keeps an object registered for as long as this lives.
class ForkRegistration {
public:
    explicit ForkRegistration(ForkAware& object, ForkOrder order = ForkOrder::parts);
    ~ForkRegistration();
    ForkRegistration(ForkRegistration const&) = delete;
    ForkRegistration& operator=(ForkRegistration const&) = delete;

private:
    ForkAware& object_;
    ForkOrder const order_;
};

} // namespace httptest::v1
