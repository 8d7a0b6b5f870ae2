#pragma once

#include "credentials/credential_source.hpp"
#include "login_reply.hpp"
#include "token_api.hpp"

#include <httptest/error.hpp>
#include <httptest/settings.hpp>
#include <httptest/url.hpp>

#include <string>
#include <vector>

namespace runai {

/// A token API that was asked for a token, and its reply.
struct LoginAnswer {
    httptest::Url endpoint;
    LoginReply reply;
};

/// Turns replies without a token into errors of the SDK's tree, and tells the user what to do in terms of the settings.
/// The texts hold no secret and nothing of a body but its title or its description of the error, cleaned and cut.
class LoginErrors {
public:
    /// @param pinned  Only one token API is asked.
    LoginErrors(httptest::Settings const& settings, Account const& account, bool pinned);

    /// @param id         Whose login it was.
    /// @param answers    Of one login, the last one decisive; one at least, none of them a token.
    /// @param mayQuote   False to leave the server's words out.
    /// @throws LoginError, Misconfigured  Always.
    [[noreturn]] void raise(std::string const& id, std::vector<LoginAnswer> const& answers, bool mayQuote) const;

    /// The same for a refresh token that brought no token. Whatever was answered but throttling and trouble, it is of
    /// no more use: the credentials decide.
    /// @throws CredentialsRejected, LoginThrottled, LoginUnavailable  Always.
    [[noreturn]] void raiseOfRefresh(LoginAnswer const& answer, bool mayQuote) const;

private:
    std::string checkCredentials_;
    std::string hint_;
    std::string checkBaseUrl_;
    std::string checkGrant_;
    std::string checkTokenApi_;
};

} // namespace runai
