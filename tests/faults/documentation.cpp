#include "documentation.hpp"

#include <initializer_list>
#include <string_view>

namespace fault_tests {

namespace {

void replaceAll(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

/// Text within a cell, whatever characters it has.
std::string cell(std::string text) {
    replaceAll(text, "|", "\\|");
    replaceAll(text, "<", "&lt;");
    return text;
}

std::string describe(Outcome const& outcome) {
    if (outcome.error.empty()) {
        return "status " + std::to_string(outcome.status);
    }
    return "`" + outcome.error + "`: " + cell(outcome.text);
}

std::string describeLogin(FaultRow const& row) {
    if (!row.login) {
        return "–";
    }
    auto const& login = *row.login;
    if (login.error.empty()) {
        return login.requests > 1 ? "a token, by login " + std::to_string(login.requests) : "a token";
    }
    bool const alike = row.get && !row.get->text.empty() && login.text.starts_with(row.get->text);
    return alike ? "`" + login.error + "`, the same text" + cell(login.text.substr(row.get->text.size()))
                 : describe(login);
}

std::string describeApi(FaultRow const& row) {
    if (!row.post) {
        return describe(*row.get);
    }
    return row.get ? "GET: " + describe(*row.get) + "<br>POST: " + describe(*row.post) : "POST: " + describe(*row.post);
}

std::string requests(std::optional<Outcome> const& outcome) {
    return outcome ? std::to_string(outcome->requests) : "–";
}

std::string describeRequests(FaultRow const& row) {
    return requests(row.get) + ", " + requests(row.post ? row.post : row.get) + ", " + requests(row.login);
}

char const* describe(Limit limit) {
    switch (limit) {
    case Limit::none: return "–";
    case Limit::exchange: return "exchange";
    case Limit::connect: return "connect";
    case Limit::tls: return "TLS";
    }
    return "";
}

char const* describe(Outcome::Connection connection) {
    return connection == Outcome::Connection::kept ? "kept" : "discarded";
}

std::string describeConnection(FaultRow const& row) {
    auto const& post = row.post ? *row.post : *row.get;
    std::string const ofPost = describe(post.connection);
    bool const alike = !row.get || row.get->connection == post.connection;
    return alike ? ofPost : std::string(describe(row.get->connection)) + ", " + ofPost;
}

char const* describe(FaultRow::Over over) {
    switch (over) {
    case FaultRow::Over::http: return " (http)";
    case FaultRow::Over::https: return " (https)";
    case FaultRow::Over::both: break;
    }
    return "";
}

void append(std::string& text, std::initializer_list<std::string> cells) {
    for (auto const& one : cells) {
        text.append("| ").append(one).append(" ");
    }
    text += "|\n";
}

} // namespace

std::string documentation(std::vector<FaultRow> const& rows) {
    std::string text;
    std::string section;
    for (auto const& row : rows) {
        if (row.section != section) {
            section = row.section;
            text.append("\n### ").append(section).append("\n\n");
            append(text, {"fault", "API call", "login", "requests", "limit", "connection"});
            text += "|---|---|---|---|---|---|\n";
        }
        append(text, {row.name + describe(row.over), describeApi(row), describeLogin(row), describeRequests(row),
                      describe(row.limit), describeConnection(row)});
    }
    return text + "\n";
}

} // namespace fault_tests
