#include "echoing_server.hpp"

#include "forms.hpp"

#include "support/canary.hpp"

#include <httptest/url.hpp>

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <utility>

namespace leaks {

namespace {

using httptest::testing::StubConnection;
using nlohmann::json;

/// So many fit into what reports show of a body.
constexpr std::size_t formsInReply = 6;

std::string reply(std::string const& status, std::string const& headers, std::string const& body) {
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

std::string jsonReply(std::string const& status, json const& body) {
    return reply(status, "Content-Type: application/json\r\n", body.dump());
}

/// What fits into a header's value.
std::string oneLine(std::string text) {
    for (char& c : text) {
        c = c == '\n' || c == '\r' ? ' ' : c;
    }
    return text;
}

/// The second word of a request's first line.
std::string targetOf(std::string const& request) {
    auto const begin = request.find(' ') + 1;
    return request.substr(begin, request.find(' ', begin) - begin);
}

/// Each secret in each form; shells are no business of servers.
std::vector<std::string> formsOfAll(std::vector<std::string> const& secrets) {
    std::vector<std::string> told;
    for (std::string const& secret : secrets) {
        for (Form const& form : formsOf(secret)) {
            if (form.name != "shell word") {
                told.push_back(form.text);
            }
        }
    }
    return told;
}

std::string joined(std::vector<std::string> const& texts, std::string const& separator) {
    std::string all;
    for (std::string const& text : texts) {
        all += separator + text;
    }
    return all;
}

/// A reply that has the secrets `told` in it, to `request`.
using Answer = std::function<std::string(std::vector<std::string> const& told, std::string const& request)>;

/// A page as frameworks show them while they are developed: the request, and what became of it.
std::string page(std::vector<std::string> const& told, std::string const& request) {
    return "<html><body><h1>Oops</h1><pre>" + request + "</pre><ul>" + joined(told, "<li>") + "</ul></body></html>";
}

std::map<std::string, Answer, std::less<>> const& badLoginAnswers() {
    static std::map<std::string, Answer, std::less<>> const all{
        {"/rejected",
         [](auto const& told, auto const& request) {
             return jsonReply("401 Unauthorized", {{"error", "invalid_client"},
                                                   {"error_description", "got " + request + joined(told, " or ")},
                                                   {"error_uri", "https://help.test/?q=" + joined(told, "+")}});
         }},
        {"/refused-by-v1",
         [](auto const& told, auto const& request) {
             return jsonReply("401 Unauthorized",
                              {{"code", 401}, {"message", joined(told, " ")}, {"details", request}});
         }},
        {"/page",
         [](auto const& told, auto const& request) {
             return reply("403 Forbidden", "Content-Type: text/html\r\n", page(told, request));
         }},
        {"/nonsense",
         [](auto const& told, auto const& request) {
             return jsonReply("200 OK", {{"access_token", joined(told, " ") + " is no token"}, {"echo", request}});
         }},
        {"/throttled",
         [](auto const& told, auto const& request) {
             return reply("429 Too Many Requests", "Retry-After: " + oneLine(joined(told, ", ")) + "\r\n",
                          page(told, request));
         }},
        {"/broken",
         [](auto const& told, auto const&) {
             return jsonReply("501 " + oneLine(joined(told, " ")).substr(0, 900), {{"message", joined(told, " ")}});
         }},
        {"/elsewhere",
         [](auto const& told, auto const&) {
             return reply("302 Found",
                          "Location: http://127.0.0.1:1/?" + httptest::percentEncode(told.front()) + "\r\n", "");
         }},
        {"/cut",
         [](auto const& told, auto const& request) {
             return "HTTP/1.1 401 Unauthorized\r\nContent-Length: 100000\r\n\r\n" + page(told, request);
         }},
        {"/malformed",
         [](auto const& told, auto const&) { return "HTTP/1.1 200 OK\r\n" + oneLine(joined(told, " ")) + "\r\n\r\n"; }},
    };
    return all;
}

/// What the kinds of replies are made of.
json bodyOf(std::vector<std::string> const& told, std::string const& request) {
    return {{"message", "you sent " + request},
            {"plain", told.front()},
            {"told", joined(told, " | ")},
            {"items", told},
            {"nested", json{{"inner", told}}.dump()},
            {"access_token", told.front()},
            {"clientSecret", told.front()},
            {"id", 7},
            {"data", {{"password", told.front()}, {"name", "n"}}}};
}

std::map<std::string, Answer, std::less<>> const& echoAnswers() {
    static std::map<std::string, Answer, std::less<>> const all{
        {"json", [](auto const& told, auto const& request) { return jsonReply("200 OK", bodyOf(told, request)); }},
        {"text",
         [](auto const& told, auto const& request) {
             return reply("200 OK", "Content-Type: text/plain\r\n", request + joined(told, "\n"));
         }},
        {"page",
         [](auto const& told, auto const& request) {
             return reply("403 Forbidden", "Content-Type: text/html\r\n", page(told, request));
         }},
        {"refusal",
         [](auto const& told, auto const& request) {
             return reply("401 Unauthorized",
                          "Content-Type: application/json\r\nWWW-Authenticate: Bearer error=\"" +
                              oneLine(joined(told, " ")) + "\"\r\n",
                          bodyOf(told, request).dump());
         }},
        {"headers",
         [](auto const& told, auto const& request) {
             std::string headers = "Set-Cookie: session=" + oneLine(told.front()) +
                                   "; Path=/\r\nX-Request-ID: " + oneLine(told.front()) +
                                   "\r\nX-Echo: " + oneLine(request) + "\r\n";
             for (std::string const& text : told) {
                 headers += "X-Debug: " + oneLine(text) + "\r\n";
             }
             return reply("500 " + oneLine(told.front()), headers, "");
         }},
        {"cut",
         [](auto const& told, auto const& request) {
             return "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + page(told, request);
         }},
        {"malformed",
         [](auto const& told, auto const&) { return "HTTP/1.1 200 OK\r\n" + oneLine(joined(told, " ")) + "\r\n\r\n"; }},
        {"nonsense", [](auto const& told, auto const&) { return oneLine(told.front()) + "\r\n\r\n"; }},
        {"broken-json",
         [](auto const& told, auto const&) {
             return reply("200 OK", "Content-Type: application/json\r\n",
                          "{\"a\": \"" + told.front() + "\", " + told.back());
         }},
        {"redirect",
         [](auto const& told, auto const&) {
             return reply("302 Found",
                          "Location: /echo/redirect?again=" + httptest::percentEncode(told.front()) + "\r\n", "");
         }},
        {"list",
         [](auto const& told, auto const&) {
             return jsonReply("200 OK",
                              {{"items", {{{"id", told.front()}}, {{"id", told.front()}}}}, {"next", told.front()}});
         }},
    };
    return all;
}

/// Those that promise more than they hold, or hold no reply, are known by the end of the connection.
void sendAnswer(StubConnection& connection, std::string const& text) {
    connection.send(text);
    if (text.find("Content-Length: ") == std::string::npos ||
        text.find("Content-Length: 100000") != std::string::npos) {
        connection.close();
    }
}

/// `/echo/long/<n>`: a secret begins after n bytes.
std::string longReply(std::string const& secret, std::string const& number, bool asJson) {
    std::string const before(std::stoul(number), '.');
    return asJson ? jsonReply("200 OK", {{"message", before + secret + " and so on"}})
                  : reply("200 OK", "X-Long: " + before.substr(0, before.size() % 1000) + secret + " and so on\r\n",
                          before + secret + " and so on");
}

} // namespace

std::vector<std::string> const& EchoingServer::badLogins() {
    static std::vector<std::string> const all = [] {
        std::vector<std::string> names;
        for (auto const& [name, answer] : badLoginAnswers()) {
            names.push_back(name);
        }
        return names;
    }();
    return all;
}

EchoingServer::EchoingServer(std::vector<std::string> secrets)
    : secrets_(std::move(secrets)),
      forms_(formsOfAll(secrets_)),
      server_([this](StubConnection& connection) { serve(connection); }) {}

std::vector<std::string> EchoingServer::formsFor(std::string const& path) const {
    constexpr std::string_view mark = "/from-";
    auto const at = path.find(mark);
    std::size_t const first = at == std::string::npos ? 0 : std::stoul(path.substr(at + mark.size()));
    std::vector<std::string> told;
    for (std::size_t i = 0; i < formsInReply; ++i) {
        told.push_back(forms_[(first + i) % forms_.size()]);
    }
    return told;
}

void EchoingServer::serve(StubConnection& connection) const {
    for (;;) {
        std::string const request = connection.readRequest();
        std::string const target = targetOf(request);
        std::string const path = target.substr(0, target.find('?'));
        std::string const name = path.substr(path.rfind('/') + 1);
        std::vector<std::string> const told = formsFor(path);
        if (name == "slow") {
            connection.waitForClose();
        } else if (path.starts_with("/echo/long")) {
            std::string const& secret = secrets_[path.size() % secrets_.size()];
            connection.send(longReply(secret, name, path.starts_with("/echo/long-json")));
        } else if (name == "token") {
            auto const bad = badLoginAnswers().find(path.substr(0, path.find('/', 1)));
            if (bad == badLoginAnswers().end()) {
                connection.send(jsonReply("200 OK", {{"access_token", canary::accessToken}, {"expires_in", 3600}}));
            } else {
                sendAnswer(connection, bad->second(told, request));
            }
        } else if (auto const echo = echoAnswers().find(name); echo != echoAnswers().end()) {
            sendAnswer(connection, echo->second(told, request));
        } else {
            connection.send(jsonReply("200 OK", json::array()));
        }
    }
}

} // namespace leaks
