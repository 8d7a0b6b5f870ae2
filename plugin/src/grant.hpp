#pragma once

#include <string_view>

namespace runai {

/// How an account proves itself to the control plane.
enum class Grant {
    clientCredentials, ///< Client id and secret of an access key or a service account.
    appToken,          ///< Application id and secret, the only way into control planes 2.18 and 2.19.
    externalToken,     ///< A token of an identity provider that the control plane trusts.
    password,          ///< Name and password of a user of the control plane's own.
    refreshToken,      ///< What a login with a password has brought (RFC 6749 section 6).
};

/// As it goes on the wire: "client_credentials".
std::string_view grantName(Grant grant) noexcept;

} // namespace runai
