#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/token_cache.hpp>

#include <memory>

namespace httptest::inline v1 {

struct ProviderContext;

/// Attaches `Authorization: Bearer …` with a token from a cache over a token source (RFC 6750 section 2.1).
class HTTPTEST_API BearerAuthProvider final : public AuthProvider {
public:
    BearerAuthProvider(std::unique_ptr<TokenSource> source, ProviderContext const& context);
    explicit BearerAuthProvider(TokenCache::Parts parts);
    ~BearerAuthProvider() override;

    Attachment authorize(Request& request, AuthContext const& context) override;
    Refusal refused(Response const& response, Attachment const& attachment) override;
    AuthStatus describe() const override;

    /// Forgets token and failure, as after a change of credentials that no file shows.
    void reset();

private:
    TokenCache cache_;
};

} // namespace httptest::v1
