#pragma once

#include <httptest/testing/temporary_folder.hpp>

#include <sys/types.h>

#include <cstdint>
#include <string>

/// Debian's tinyproxy on a free port of loopback; ends with the object.
class Tinyproxy {
public:
    struct Options {
        std::string user = {}; ///< With a password: wants them of clients.
        std::string password = {};
        bool allowOnlyPort443 = false; ///< CONNECT to any other port is forbidden.
    };

    /// @throws std::runtime_error  It does not listen within 20 s.
    explicit Tinyproxy(Options const& options);
    ~Tinyproxy();
    Tinyproxy(Tinyproxy const&) = delete;
    Tinyproxy& operator=(Tinyproxy const&) = delete;

    std::uint16_t port() const noexcept { return port_; }

    /// Its log so far.
    std::string log() const;

private:
    bool start(std::string const& text);

    httptest::testing::TemporaryFolder folder_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
};
