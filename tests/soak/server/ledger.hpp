#pragma once

#include "../server_record.hpp"
#include "faults.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace soak {

/// Writes the server's record, and knows the tokens that came by. Thread-safe.
class Ledger {
public:
    void arrived(bool post, std::uint64_t number);
    /// The control plane's own answer; true when it refuses a token that no fault had revoked.
    void answered(bool post, std::uint64_t number, int status, std::string const& token);
    void replied(int status);
    void spoiled(Fault fault);
    void controlPlaneLost();

    void loginArrived(std::string const& client);
    void loginAnswered(std::string const& client, int status);
    void loginSpoiled(LoginFault fault);

    void saw(std::string const& token);
    /// Takes it that the token is revoked, and says whether it may be: once, and old enough.
    ///
    /// A provider that sees two tokens in a row refused right after their login takes the control plane for wrong and
    /// gives up replays for a minute, as it should. Revocations are to be cured, so they keep away from that.
    bool revoke(std::string const& token);

    ServerRecord record() const;

private:
    struct Token {
        std::chrono::steady_clock::time_point firstSeen = std::chrono::steady_clock::now();
        bool revoked = false;
    };

    mutable std::mutex mutex_; // guards what follows
    ServerRecord record_;
    std::unordered_map<std::string, Token> tokens_;
};

} // namespace soak
