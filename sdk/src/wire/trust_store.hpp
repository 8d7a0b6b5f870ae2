#pragma once

#include "wire/openssl_ptr.hpp"
#include "wire/watch.hpp"

#include <httptest/poco_transport.hpp>

#include <string>

namespace httptest::wire {

/// The certificates that a transport trusts: those of the system, from the hashed directory where there is one (0.1 ms
/// instead of 20 for the bundle), and those of `settings.caFile` and
/// `settings.caPath`. SSL_CERT_FILE and SSL_CERT_DIR are honoured.
///
/// @throws TlsError  Names the file that cannot be used.
StorePtr loadTrustStore(TlsSettings const& settings, Watch const& watch);

/// "the system's CAs and /path/ca.pem"
std::string describeTrust(TlsSettings const& settings);

} // namespace httptest::wire
