#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace httptest::inline v1 {

/// A redirect that was followed on the way to a reply.
struct Hop {
    std::string method;
    Url url;
    int status = 0;
    std::string location;    ///< As the server wrote it.
    bool credential = false; ///< Whether a credential was sent with it.
};

/// How curl gets at the tested system as the transport does, for the line that sends a request again.
struct CurlOptions {
    std::string options; ///< A space before each.
    std::string leftOut; ///< What they lack: "the proxy's credentials".
};

/// What happened when a request was sent; kept for the failure text.
struct ExchangeRecord {
    Request request;   ///< As it was sent last, its credential included: print it through `Exchange::text` only.
    Response response; ///< Of status 0 where none came; then how far its connection came.
    Attachment attachment;
    std::vector<Hop> hops; ///< Before `request`, in their order.
    int attempts = 1;
    std::string diagnosis;            ///< Why there was no replay, or what it came to.
    std::string note;                 ///< Such as why no credential was attached.
    std::string identity;             ///< Whose request it was, whether or not its credential was sent.
    std::uint64_t acceptedBefore = 0; ///< Replies of 2xx that the identity's credential had had by then.
    bool tlsVerified = true;
    std::string providerVersion; ///< Of the auth provider's plugin; may be empty.
    WallTime sentAt;
    SteadyTime attemptedAt;                  ///< When the last attempt was sent.
    std::shared_ptr<CurlOptions const> curl; ///< Null for none.
    std::shared_ptr<Clock> clock;
    std::weak_ptr<AuthProvider> provider; ///< Asked for its status only when a failure is written.
};

} // namespace httptest::v1
