#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace httptest::testing {

struct CertificateAndKey {
    std::string certificatePem;
    std::string privateKeyPem;
};

/// What a leaf certificate says. Both times are offsets from now: a negative `notAfter` makes an expired certificate.
struct LeafCertificate {
    std::string commonName = "localhost";
    std::vector<std::string> dnsNames = {};
    std::vector<std::string> ipAddresses = {}; ///< Textual, IPv4 or IPv6, without brackets.
    std::chrono::seconds notBefore = -std::chrono::hours(1);
    std::chrono::seconds notAfter = std::chrono::hours(24);
    bool clientAuth = false; ///< For a client to show, instead of a server.
};

/// A certificate authority that lives in memory, P-256 throughout: a key takes 1 ms to make where RSA takes 120.
///
/// Failures throw std::runtime_error with OpenSSL's text. Thread-safe.
class TestCa {
public:
    explicit TestCa(std::string const& commonName);
    ~TestCa();
    TestCa(TestCa&&) noexcept;
    TestCa& operator=(TestCa&&) noexcept;

    CertificateAndKey issue(LeafCertificate const& leaf) const;

    /// One that no authority vouches for.
    static CertificateAndKey selfSigned(LeafCertificate const& leaf);

    /// What clients (or, for client certificates, servers) have to trust.
    std::string const& certificatePem() const noexcept;

private:
    struct Authority;
    std::unique_ptr<Authority const> authority_;
};

} // namespace httptest::testing
