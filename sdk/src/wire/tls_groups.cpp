#include "wire/tls_groups.hpp"

#include <openssl/err.h>

namespace httptest::wire {

bool preferGroups(SSL_CTX* context, char const* groups) noexcept {
    bool const taken = SSL_CTX_set1_groups_list(context, groups) == 1;
    if (!taken) {
        ERR_clear_error(); // or the next failure of this thread would be told with it
    }
    return taken;
}

} // namespace httptest::wire
