#include "ledger.hpp"

namespace soak {

namespace {

/// TokenPolicy::newbornAge.
constexpr auto grownUp = std::chrono::seconds(5);

} // namespace

void Ledger::arrived(bool post, std::uint64_t number) {
    std::scoped_lock const lock(mutex_);
    ++record_.arrivals;
    if (post) {
        ++record_.posts[number].arrivals;
    }
}

void Ledger::answered(bool post, std::uint64_t number, int status, std::string const& token) {
    std::scoped_lock const lock(mutex_);
    if (status == 401) {
        auto const known = tokens_.find(token);
        bool const ordered = known != tokens_.end() && known->second.revoked;
        ++(ordered ? record_.refusedRevoked : record_.refusedOtherwise);
    }
    if (post) {
        auto& seen = record_.posts[number];
        ++(status == 401 ? seen.refused : seen.carriedOut);
    }
}

void Ledger::replied(int status) {
    std::scoped_lock const lock(mutex_);
    ++record_.replies[status];
}

void Ledger::spoiled(Fault fault) {
    std::scoped_lock const lock(mutex_);
    ++record_.faults[nameOf(fault)];
}

void Ledger::controlPlaneLost() {
    std::scoped_lock const lock(mutex_);
    ++record_.resets;
}

void Ledger::loginArrived(std::string const& client) {
    std::scoped_lock const lock(mutex_);
    ++record_.logins[client].requests;
}

void Ledger::loginAnswered(std::string const& client, int status) {
    std::scoped_lock const lock(mutex_);
    record_.logins[client].granted += status == 200 ? 1 : 0;
}

void Ledger::loginSpoiled(LoginFault fault) {
    std::scoped_lock const lock(mutex_);
    ++record_.loginFaults[nameOf(fault)];
}

void Ledger::saw(std::string const& token) {
    std::scoped_lock const lock(mutex_);
    tokens_.try_emplace(token);
}

bool Ledger::revoke(std::string const& token) {
    std::scoped_lock const lock(mutex_);
    auto& known = tokens_[token];
    if (known.revoked || std::chrono::steady_clock::now() - known.firstSeen <= grownUp) {
        return false;
    }
    known.revoked = true;
    return true;
}

ServerRecord Ledger::record() const {
    std::scoped_lock const lock(mutex_);
    return record_;
}

} // namespace soak
