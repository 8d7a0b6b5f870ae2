#pragma once

#include "token_api.hpp"

namespace runai {

/// `POST /api/v2/token` with a form, by RFC 6749; in the public documentation since late 2025, the current one in 3.0.
class TokenApiV2 final : public TokenApi {
public:
    httptest::Request request(httptest::Url const& endpoint, Login const& login) const override;
    LoginReply read(httptest::Response const& response, httptest::WallTime now) const override;
};

} // namespace runai
