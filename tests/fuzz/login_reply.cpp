// Replies of both token APIs.

#include "input.hpp"

#include "token_api_v1.hpp"
#include "token_api_v2.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace {

constexpr std::array statuses{200, 201, 204, 301, 302, 400, 401, 403, 404, 405, 407, 415, 429, 500, 501, 502, 503, 504};
constexpr std::array types{"application/json", "text/html", "", "application/json; charset=utf-8"};

bool printable(std::string const& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= ' '; });
}

void check(runai::TokenApi const& api, httptest::Response const& response) {
    using Kind = runai::LoginReply::Kind;
    runai::LoginReply const reply = api.read(response, httptest::WallTime(std::chrono::hours(24 * 365 * 56)));
    require(reply.kind != Kind::token || (response.status / 100 == 2 && !reply.token.accessToken.empty()),
            "a token comes with a 2xx");
    require(reply.kind == Kind::token || reply.token.accessToken.empty(), "no token without a success");
    require(!reply.token.expiresIn || reply.token.expiresIn->count() >= 0, "no lifetime is negative");
    require(printable(reply.what) && printable(reply.said), "what is quoted is fit for one line of text");
    require(reply.what.size() < 1000 && reply.said.size() < 1000, "what is quoted is short");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Input input(data, size);
    httptest::Response response;
    response.status = statuses[input.draw(statuses.size())];
    response.headers.add("Content-Type", types[input.draw(types.size())]);
    if (std::string_view const after = input.upTo(input.draw(40)); !after.empty()) {
        response.headers.add("Retry-After", std::string(after));
    }
    response.body = input.rest();
    check(runai::TokenApiV1(), response);
    check(runai::TokenApiV2(), response);
    return 0;
}
