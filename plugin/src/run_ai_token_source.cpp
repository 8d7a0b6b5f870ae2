#include "run_ai_token_source.hpp"

#include "printable.hpp"

#include <httptest/error.hpp>
#include <httptest/secret.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace runai {

namespace {

/// The redactor leaves shorter secrets alone, so that a server which repeats one is not quoted at all.
constexpr std::size_t shortestRedacted = 8;

/// The one token API to ask; nothing for both.
std::optional<ApiVersion> onlyApi(httptest::Settings const& settings, Credentials const& credentials) {
    std::string const& configured = settings.text("token_api");
    if (credentials.grant == Grant::appToken) {
        if (configured == "v2") {
            throw httptest::Misconfigured("token_api is v2 (" + shortWhere(settings.where("token_api")) +
                                          "), which does not have the grant app_token that app_id (" +
                                          shortWhere(credentials.idWhere) +
                                          ") asks for: set token_api to auto, or give client_id and client_secret");
        }
        return ApiVersion::v1;
    }
    return configured == "v1"   ? std::optional(ApiVersion::v1)
           : configured == "v2" ? std::optional(ApiVersion::v2)
                                : std::nullopt;
}

} // namespace

RunAiTokenSource::RunAiTokenSource(httptest::Url baseUrl, httptest::Settings const& settings, TokenApiMemory& memory)
    : baseUrl_(std::move(baseUrl)),
      credentials_(Credentials::from(settings)),
      choice_(onlyApi(settings, credentials_), memory.of(baseUrl_, credentials_.grant)),
      failure_(settings, credentials_, choice_.pinned()) {}

httptest::Token RunAiTokenSource::fetch(httptest::LoginContext const& context) {
    choice_.suggest(context.hint);
    httptest::Secret const secret = credentials_.secret.read();
    Login const login{credentials_.grant, credentials_.id, secret.reveal()};

    std::vector<LoginAnswer> answers;
    ApiVersion const first = choice_.first();
    answers.push_back(ask(first, login, context));
    if (std::optional<ApiVersion> const second = choice_.second(first, answers.back().reply)) {
        answers.push_back(ask(*second, login, context));
    }
    if (answers.back().reply.kind == LoginReply::Kind::token) {
        httptest::Token token = std::move(answers.back().reply.token);
        token.hint = choice_.hint();
        return token;
    }
    failure_.raise(answers, secret.reveal().size() >= shortestRedacted);
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
    std::string account = baseUrl_.text();
    account.append("\n").append(grantName(credentials_.grant)).append("\n").append(credentials_.id);
    return httptest::SharingKey{std::move(account), credentials_.secret.read()};
}

std::string RunAiTokenSource::credentialVersion() const {
    return credentials_.secret.version();
}

std::string RunAiTokenSource::describe() const {
    return std::string(grantName(credentials_.grant)) + " of '" + printable(credentials_.id, 100) + "' at " +
           baseUrl_.text();
}

} // namespace runai
