#pragma once

#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/test_ca.hpp>

#include <string>

namespace httptest::testing {

/// The certificates that a fault server may show.
class FaultCertificates {
public:
    explicit FaultCertificates(FaultServerOptions const& options);

    std::string const& caPem() const noexcept { return ca_.certificatePem(); }
    CertificateAndKey const& good() const noexcept { return good_; }
    /// What the options say; perhaps as good.
    CertificateAndKey const& configured() const noexcept { return configured_; }

private:
    CertificateAndKey make(FaultServerOptions::Certificate kind) const;

    TestCa ca_{"Fault Server CA"};
    LeafCertificate leaf_;
    CertificateAndKey good_;
    CertificateAndKey configured_;
};

} // namespace httptest::testing
