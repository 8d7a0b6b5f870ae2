#pragma once

#include "http_server.hpp"

#include <Poco/Net/Context.h>

namespace runai::testing {

/// The TLS settings of a server that shows this certificate: TLS 1.2 or later.
Poco::Net::Context::Ptr serverContext(ServerCertificate const& certificate);

} // namespace runai::testing
