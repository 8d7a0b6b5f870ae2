#include "fault_certificates.hpp"

#include <chrono>

namespace httptest::testing {

FaultCertificates::FaultCertificates(FaultServerOptions const& options) {
    leaf_.commonName = "localhost";
    leaf_.dnsNames = options.names;
    leaf_.dnsNames.emplace_back("localhost");
    leaf_.ipAddresses = {"127.0.0.1", "::1"};
    good_ = ca_.issue(leaf_);
    configured_ = make(options.certificate);
}

CertificateAndKey FaultCertificates::make(FaultServerOptions::Certificate kind) const {
    using enum FaultServerOptions::Certificate;
    constexpr std::chrono::hours day{24};
    LeafCertificate leaf = leaf_;
    switch (kind) {
    case good: return good_;
    case selfSigned: return TestCa::selfSigned(leaf);
    case unknownCa: return TestCa("Unknown CA").issue(leaf);
    case wrongHost:
        leaf.commonName = "another.example";
        leaf.dnsNames = {"another.example"};
        leaf.ipAddresses.clear();
        break;
    case expired:
        leaf.notBefore = -2 * day;
        leaf.notAfter = -day;
        break;
    case notYetValid:
        leaf.notBefore = day;
        leaf.notAfter = 2 * day;
        break;
    }
    return ca_.issue(leaf);
}

} // namespace httptest::testing
