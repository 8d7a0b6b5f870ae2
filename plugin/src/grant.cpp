#include "grant.hpp"

namespace runai {

std::string_view grantName(Grant grant) noexcept {
    switch (grant) {
    case Grant::clientCredentials: return "client_credentials";
    case Grant::appToken: return "app_token";
    }
    return "";
}

} // namespace runai
