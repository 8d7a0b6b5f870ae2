#pragma once

#include <httptest/error.hpp>

namespace httptest::polling {

/// Whether what stopped an attempt may be gone at the next one, as it is where something is still starting: the name is
/// not known yet, nobody listens, the connection is lost or its reply cut short, a login's endpoint is not up.
///
/// Final are certificates, refusing proxies, credentials, settings, replies that are too large, and the harness's end:
/// they cost a wait and come out the same.
bool mayPass(Error const& error) noexcept;

} // namespace httptest::polling
