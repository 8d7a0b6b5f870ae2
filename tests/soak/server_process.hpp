#pragma once

#include "server_record.hpp"
#include "settings.hpp"

#include <httptest/secret.hpp>

#include <memory>
#include <string>
#include <vector>

namespace soak {

struct Account {
    std::string id;
    httptest::Secret secret;
};

/// The soak's server, a child process that ends with this one.
class ServerProcess {
public:
    /// @throws std::runtime_error  It does not start.
    explicit ServerProcess(Settings const& settings);
    ~ServerProcess();
    ServerProcess(ServerProcess const&) = delete;
    ServerProcess& operator=(ServerProcess const&) = delete;

    std::string const& url() const noexcept { return url_; }
    std::string const& clusterId() const noexcept { return clusterId_; }
    std::vector<Account> const& accounts() const noexcept { return accounts_; }

    /// Ends it once all connections to it are closed, and tells what it saw. To be called once.
    /// @throws std::runtime_error  It ended badly.
    ServerRecord stop();

private:
    void readWelcome();

    class Child;
    std::unique_ptr<Child> child_;
    std::string url_;
    std::string clusterId_;
    std::vector<Account> accounts_;
};

} // namespace soak
