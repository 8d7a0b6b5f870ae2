#include "run_ai_token_source.hpp"

#include "credentials/setting_place.hpp"

#include <httptest/error.hpp>
#include <httptest/secret.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace runai {

namespace {

/// What seals the token store must not be guessed; keys that a control plane makes are longer.
constexpr std::size_t shortestSealing = 16;

/// The redactor leaves shorter secrets alone, so that a server which repeats one is not quoted at all.
constexpr std::size_t shortestRedacted = 8;

/// The one token API to ask; nothing for both.
std::optional<ApiVersion> onlyApi(httptest::Settings const& settings, Grant grant) {
    std::string const& configured = settings.text("token_api");
    if (grant == Grant::appToken) {
        if (configured == "v2") {
            throw httptest::Misconfigured("token_api is v2 (" + shortWhere(settings.where("token_api")) +
                                          "), which does not have the grant app_token that " +
                                          keyAndWhere(settings, "app_id") +
                                          " asks for: set token_api to auto, or give client_id and client_secret");
        }
        return ApiVersion::v1;
    }
    return configured == "v1"   ? std::optional(ApiVersion::v1)
           : configured == "v2" ? std::optional(ApiVersion::v2)
                                : std::nullopt;
}

bool mayQuote(std::string_view secret) noexcept {
    return secret.size() >= shortestRedacted;
}

} // namespace

RunAiTokenSource::RunAiTokenSource(httptest::Url baseUrl, httptest::Settings const& settings,
                                   std::shared_ptr<httptest::Clock> const& clock, TokenApiMemory& memory)
    : baseUrl_(std::move(baseUrl)),
      credentials_(chooseCredentials(settings, baseUrl_, clock)),
      grant_(credentials_.source->account().grant.value_or(Grant::clientCredentials)),
      choice_(onlyApi(settings, grant_), memory.of(baseUrl_, grant_)),
      errors_(settings, credentials_.source->account(), choice_.pinned()) {}

httptest::Token RunAiTokenSource::fetch(httptest::LoginContext const& context) {
    choice_.suggest(context.hint);
    if (context.refreshToken != nullptr) {
        return refresh(*context.refreshToken, context);
    }
    Obtained obtained = credentials_.source->obtain(context);
    if (auto* const token = std::get_if<httptest::Token>(&obtained)) {
        return std::move(*token);
    }
    return logIn(std::get<Credentials>(obtained), context);
}

httptest::Token RunAiTokenSource::logIn(Credentials const& credentials, httptest::LoginContext const& context) {
    std::string_view const secret = credentials.secret.reveal();
    Login const login{grant_, credentials.id, secret, credentials_.source->account().clientId};

    std::vector<LoginAnswer> answers;
    ApiVersion const first = choice_.first();
    answers.push_back(ask(first, login, context));
    if (std::optional<ApiVersion> const second = choice_.second(first, answers.back().reply)) {
        answers.push_back(ask(*second, login, context));
    }
    if (answers.back().reply.kind != LoginReply::Kind::token) {
        errors_.raise(credentials.id, answers, mayQuote(secret));
    }
    httptest::Token token = std::move(answers.back().reply.token);
    token.hint = choice_.hint();
    if (grant_ != Grant::password) {
        // Credentials that can be sent again need none (RFC 6749 section 4.4.3), whatever the server sends.
        token.refreshToken = httptest::Secret();
    }
    return token;
}

httptest::Token RunAiTokenSource::refresh(httptest::Secret const& refreshToken, httptest::LoginContext const& context) {
    Login const login{Grant::refreshToken, {}, refreshToken.reveal(), credentials_.source->account().clientId};
    LoginAnswer answer = ask(choice_.first(), login, context);
    if (answer.reply.kind != LoginReply::Kind::token) {
        errors_.raiseOfRefresh(answer, mayQuote(refreshToken.reveal()));
    }
    httptest::Token token = std::move(answer.reply.token);
    if (token.refreshToken.empty()) {
        token.refreshToken = refreshToken.clone(); // it stays good unless a new one came (RFC 6749 section 6)
    }
    return token;
}

LoginAnswer RunAiTokenSource::ask(ApiVersion version, Login const& login, httptest::LoginContext const& context) {
    TokenApi const& api = version == ApiVersion::v1 ? static_cast<TokenApi const&>(v1_) : v2_;
    LoginAnswer answer{tokenEndpoint(baseUrl_, version), {}};

    struct Wiped {
        std::string& text;
        ~Wiped() { httptest::wipe(text); }
    };
    httptest::Request request = api.request(answer.endpoint, login);
    Wiped const wipedRequest{request.body};
    httptest::Response response = context.transport.send(request, context.deadline, context.stop);
    Wiped const wipedResponse{response.body};
    answer.reply = api.read(response, context.clock.wall());
    choice_.learn(version, answer.reply);
    return answer;
}

std::optional<httptest::SharingKey> RunAiTokenSource::sharing() const {
    std::optional<Credentials> credentials = credentials_.source->sealing();
    if (!credentials || credentials->secret.reveal().size() < shortestSealing) {
        return std::nullopt;
    }
    std::string account = baseUrl_.text();
    account.append("\n").append(grantName(grant_)).append("\n").append(credentials->id);
    return httptest::SharingKey{std::move(account), std::move(credentials->secret)};
}

std::string RunAiTokenSource::credentialVersion() const {
    return credentials_.source->version();
}

std::string RunAiTokenSource::describe() const {
    std::string const& found = credentials_.found;
    return credentials_.source->account().description + " at " + baseUrl_.text() +
           (found.empty() ? "" : ", by " + found);
}

} // namespace runai
