#include <httptest/bearer_auth_provider.hpp>
#include <httptest/providers.hpp>

#include <utility>

namespace httptest::inline v1 {

AuthProvider::~AuthProvider() = default;
TokenSource::~TokenSource() = default;

BearerAuthProvider::BearerAuthProvider(std::unique_ptr<TokenSource> source, ProviderContext const& context)
    : BearerAuthProvider(TokenCache::Parts{std::move(source), context.transport, context.clock, context.policy,
                                           context.events, context.provider, context.identity, context.store}) {}

BearerAuthProvider::BearerAuthProvider(TokenCache::Parts parts) : cache_(std::move(parts)) {}
BearerAuthProvider::~BearerAuthProvider() = default;

Attachment BearerAuthProvider::authorize(Request& request, AuthContext const& context) {
    auto const token = cache_.acquire(context.deadline, context.stop);
    request.headers.set("Authorization", token->authorization);
    return {token->fingerprint, token->obtainedAt, token->expiresAt};
}

Refusal BearerAuthProvider::refused(Response const&, Attachment const& attachment) {
    return cache_.refused(attachment.fingerprint);
}

AuthStatus BearerAuthProvider::describe() const {
    return cache_.describe();
}

void BearerAuthProvider::reset() {
    cache_.reset();
}

} // namespace httptest::v1
