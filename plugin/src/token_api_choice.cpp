#include "token_api_choice.hpp"

namespace runai {

using Kind = LoginReply::Kind;

std::optional<ApiVersion> KnownTokenApi::get() const noexcept {
    switch (version_.load(std::memory_order_relaxed)) {
    case 1: return ApiVersion::v1;
    case 2: return ApiVersion::v2;
    default: return std::nullopt;
    }
}

void KnownTokenApi::set(std::optional<ApiVersion> version) noexcept {
    int const number = !version ? 0 : *version == ApiVersion::v1 ? 1 : 2;
    version_.store(number, std::memory_order_relaxed);
}

std::shared_ptr<KnownTokenApi> TokenApiMemory::of(httptest::Url const& baseUrl, Grant grant) {
    std::string key = tokenEndpoint(baseUrl, ApiVersion::v2).text();
    std::lock_guard const guard(mutex_);
    std::shared_ptr<KnownTokenApi>& known = known_[{std::move(key), grant}];
    if (known == nullptr) {
        known = std::make_shared<KnownTokenApi>();
    }
    return known;
}

TokenApiChoice::TokenApiChoice(std::optional<ApiVersion> only, std::shared_ptr<KnownTokenApi> known)
    : only_(only),
      known_(std::move(known)) {}

ApiVersion TokenApiChoice::first() const noexcept {
    return only_ ? *only_ : known_->get().value_or(ApiVersion::v2);
}

std::optional<ApiVersion> TokenApiChoice::second(ApiVersion first, LoginReply const& reply) const noexcept {
    if (only_) {
        return std::nullopt;
    }
    ApiVersion const other = first == ApiVersion::v2 ? ApiVersion::v1 : ApiVersion::v2;
    switch (reply.kind) {
    case Kind::noSuchEndpoint:
    case Kind::unsupportedGrant: return other;
    case Kind::notThisApi:
        // From an API that was there, such a reply is a gateway's.
        return first == ApiVersion::v2 && known_->get() != ApiVersion::v2 ? std::optional(other) : std::nullopt;
    default: return std::nullopt;
    }
}

std::string TokenApiChoice::hint() const {
    std::optional<ApiVersion> const known = known_->get();
    return !known ? "" : *known == ApiVersion::v1 ? "v1" : "v2";
}

void TokenApiChoice::suggest(std::string_view hint) noexcept {
    if (!known_->get() && (hint == "v1" || hint == "v2")) {
        known_->set(hint == "v1" ? ApiVersion::v1 : ApiVersion::v2);
    }
}

void TokenApiChoice::learn(ApiVersion asked, LoginReply const& reply) noexcept {
    switch (reply.kind) {
    case Kind::token: known_->set(asked); break;
    case Kind::rejected:
        // v1's form of refusal is that of any call without a bearer, so that it proves nothing.
        if (asked == ApiVersion::v2) known_->set(asked);
        break;
    case Kind::noSuchEndpoint:
        if (known_->get() == asked) known_->set(std::nullopt);
        break;
    default: break;
    }
}

} // namespace runai
