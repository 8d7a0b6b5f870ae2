#pragma once

#include "token_api.hpp"

namespace runai {

/// `POST /api/v1/token` with JSON; control planes from 2.18 on, deprecated by 3.0.
class TokenApiV1 final : public TokenApi {
public:
    httptest::Request request(httptest::Url const& endpoint, Login const& login) const override;
    LoginReply read(httptest::Response const& response, httptest::WallTime now) const override;
};

} // namespace runai
