#pragma once

#include <httptest/testing/temporary_folder.hpp>

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace httptest::bench {

/// The reply's body.
inline constexpr std::size_t replyBytes = 192;

/// What a client gets: the token's length is that of a Run:ai token.
inline constexpr std::size_t tokenBytes = 1200;

/// An nginx of our own on free loopback ports, plain and TLS, with a configuration and a certificate of its own.
///
/// One worker, no logs, connections that are never closed for their number of requests. GET /reply answers with
/// `replyBytes` bytes, POST /api/v2/token with a token, so that the Run:ai plugin can log in. Ends with the object,
/// or with the thread that made it.
class Nginx {
public:
    Nginx();
    ~Nginx();
    Nginx(Nginx const&) = delete;
    Nginx& operator=(Nginx const&) = delete;

    std::uint16_t port(bool tls) const noexcept { return tls ? tlsPort_ : plainPort_; }

    /// `http(s)://127.0.0.1:port`
    std::string url(bool tls) const;

    /// PEM file of the CA that issued the certificate, which is for localhost, 127.0.0.1 and *.bench.test.
    std::string const& caFile() const noexcept { return caFile_; }

private:
    testing::TemporaryFolder folder_;
    std::uint16_t plainPort_ = 0;
    std::uint16_t tlsPort_ = 0;
    std::string caFile_;
    pid_t process_ = -1;
};

} // namespace httptest::bench
