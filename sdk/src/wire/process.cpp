#include "wire/process.hpp"

#include <openssl/crypto.h>

#include <csignal>
#include <mutex>

namespace httptest::wire {

void prepareProcess() {
    static std::once_flag once;
    std::call_once(once, [] {
        struct sigaction current {};
        if (::sigaction(SIGPIPE, nullptr, &current) == 0 && (current.sa_flags & SA_SIGINFO) == 0 &&
            current.sa_handler == SIG_DFL) {
            struct sigaction ignore {};
            ignore.sa_handler = SIG_IGN;
            ::sigaction(SIGPIPE, &ignore, nullptr);
        }
        OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
    });
}

} // namespace httptest::wire
