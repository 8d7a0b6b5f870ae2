#pragma once

namespace httptest::wire {

/// What a process needs before its first transport, done once.
///
/// SIGPIPE is ignored where its disposition is still the default, since OpenSSL writes without MSG_NOSIGNAL and a server
/// that closes would end the test process; a handler of the program's stays. OpenSSL is told not to tear itself down at
/// exit, since a harness in a static may close connections after that.
void prepareProcess();

} // namespace httptest::wire
