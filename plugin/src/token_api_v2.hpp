#pragma once

#include "token_api.hpp"

namespace runai {

/// `POST /api/v2/token` with a form, by RFC 6749; control planes from late 2.2x on, the only current one in 3.0.
class TokenApiV2 final : public TokenApi {
public:
    bool has(Grant grant) const noexcept override;
    httptest::Request request(httptest::Url const& endpoint, Login const& login) const override;
    LoginReply read(httptest::Response const& response, httptest::WallTime now) const override;
};

} // namespace runai
