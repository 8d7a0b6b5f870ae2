#include "grant.hpp"

namespace runai {

std::string_view grantName(Grant grant) noexcept {
    switch (grant) {
    case Grant::clientCredentials: return "client_credentials";
    case Grant::appToken: return "app_token";
    case Grant::externalToken: return "external_token_exchange";
    case Grant::password: return "password";
    case Grant::refreshToken: return "refresh_token";
    }
    return "";
}

} // namespace runai
