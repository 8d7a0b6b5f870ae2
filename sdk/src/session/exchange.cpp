#include <httptest/error.hpp>
#include <httptest/exchange.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// What is looked at for the excerpt. It is redacted before it is cut to `shownBodyBytes`, so that no secret is cut
/// in two and escapes.
constexpr std::size_t examinedBodyBytes = std::size_t{64} * 1024;
constexpr std::size_t shownBodyBytes = 2000;
constexpr int deepestJson = 128;

std::string number(double value) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f", value);
    return buffer.data();
}

std::string seconds(std::chrono::nanoseconds time) {
    return number(std::chrono::duration<double>(time).count()) + " s";
}

std::string utc(WallTime time) {
    std::time_t const whole = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&whole, &parts);
    std::array<char, 32> buffer{};
    std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return buffer.data();
}

void appendHeaders(std::string& text, char const* sign, Headers const& headers) {
    for (Headers::Field const& field : headers) {
        text.append("  ").append(sign).append(" ").append(field.name).append(": ");
        text.append(isSecretHeader(field.name) ? redactedMark : std::string_view(field.value)).append("\n");
    }
}

void appendBody(std::string& text, char const* sign, std::string const& body) {
    if (body.empty()) {
        return;
    }
    std::string_view examined = std::string_view(body).substr(0, examinedBodyBytes);
    if (examined.size() < body.size()) {
        // Not in the middle of what may be a token.
        examined = examined.substr(0, examined.find_last_of(" \t\r\n,\"") + 1);
    }
    std::string const shown = redacted(examined);
    text.append("  ")
        .append(sign)
        .append(" \n  ")
        .append(std::string_view(shown).substr(0, shownBodyBytes))
        .append("\n");
    if (shown.size() > shownBodyBytes || body.size() > examinedBodyBytes) {
        text.append("  … (").append(std::to_string(body.size())).append(" bytes in all)\n");
    }
}

void appendIdentity(std::string& text, ExchangeRecord const& record, std::shared_ptr<AuthProvider> const& provider) {
    if (!provider) {
        return;
    }
    AuthStatus const auth = provider->describe();
    text.append("  identity '").append(auth.identity).append("', ").append(auth.account);
    if (!auth.subject.empty()) {
        text.append(", subject ").append(auth.subject);
    }
    text.append("\n");
    if (!record.attachment.attached()) {
        return;
    }
    text.append("  token ").append(record.attachment.fingerprint);
    if (auth.fingerprint == record.attachment.fingerprint && auth.obtainedAt && auth.expiresAt) {
        SteadyTime const now = record.clock->steady();
        text.append(", age ").append(seconds(now - *auth.obtainedAt));
        text.append(", ends in ")
            .append(seconds(*auth.expiresAt - now))
            .append(" (")
            .append(auth.lifetimeSource)
            .append(")");
    } else {
        text.append(", no longer in use");
    }
    text.append("; ").append(std::to_string(auth.counters.logins)).append(" logins so far\n");
}

/// What to look at first, for the statuses whose cause is seldom the test itself.
std::string hint(ExchangeRecord const& record) {
    std::string const* const type = record.response.headers.find("Content-Type");
    bool const html = type != nullptr && type->find("text/html") != std::string::npos;
    switch (record.response.status) {
    case 401:
        if (!record.attachment.attached()) {
            return "no token of the provider's was sent; see above why";
        }
        return record.diagnosis.empty() ? "the token was refused" : record.diagnosis;
    case 403:
        if (!record.attachment.attached()) {
            return "no token of the provider's was sent; see above why";
        }
        return "the token was accepted, its subject lacks the permission; no new login can change that";
    case 502:
    case 503:
    case 504: return "a gateway or the server is not up; this says nothing of the tested call";
    default: return html ? "an HTML page answered: is the base URL the API's address?" : "";
    }
}

std::string expectation(std::initializer_list<int> expected, int actual) {
    std::string text = "expected status ";
    char const* separator = "";
    for (int const status : expected) {
        text.append(separator).append(std::to_string(status));
        separator = " or ";
    }
    return text.append(", got ").append(std::to_string(actual)).append("\n");
}

void checkStatus(Exchange const& exchange, std::initializer_list<int> expected, Outcome otherwise, Location where) {
    bool const met = std::find(expected.begin(), expected.end(), exchange.status()) != expected.end();
    report(met ? Outcome::passed : otherwise, where,
           met ? "" : expectation(expected, exchange.status()) + exchange.text());
}

int nesting(std::string_view json) {
    int depth = 0;
    int deepest = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        char const c = json[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return deepest;
}

} // namespace

Exchange::Exchange(std::shared_ptr<ExchangeRecord const> record) : record_(std::move(record)) {}

Exchange const& Exchange::expectStatus(int expected, Location where) const {
    checkStatus(*this, {expected}, Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::expectStatus(std::initializer_list<int> expected, Location where) const {
    checkStatus(*this, expected, Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::requireStatus(int expected, Location where) const {
    checkStatus(*this, {expected}, Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::requireStatus(std::initializer_list<int> expected, Location where) const {
    checkStatus(*this, expected, Outcome::fatal, where);
    return *this;
}

std::string Exchange::text() const {
    ExchangeRecord const& record = *record_;
    Response const& response = record.response;
    std::string text = record.request.method + " " + record.request.url.text() + "\n";
    text.append("  sent ").append(utc(record.sentAt)).append(", attempt ").append(std::to_string(record.attempts));
    text.append(", took ")
        .append(number(std::chrono::duration<double, std::milli>(response.timings.total).count()))
        .append(" ms");
    if (response.connection) {
        ConnectionFacts const& facts = *response.connection;
        text.append(", peer ").append(facts.peer).append(response.connectionReused ? ", kept connection" : "");
        text.append(facts.tlsVersion.empty() ? "" : ", ").append(facts.tlsVersion);
        text.append(facts.proxy.empty() ? "" : ", by proxy ").append(facts.proxy);
    }
    text.append("\n");
    appendIdentity(text, record, record.provider.lock());
    if (!record.note.empty()) {
        text.append("  ").append(record.note).append("\n");
    }
    text.append("  > ").append(record.request.method).append(" ").append(record.request.url.target).append("\n");
    appendHeaders(text, ">", record.request.headers);
    appendBody(text, ">", record.request.body);
    text.append("  < ").append(std::to_string(response.status)).append(" ").append(response.reason).append("\n");
    appendHeaders(text, "<", response.headers);
    appendBody(text, "<", response.body);
    if (std::string const advice = hint(record); !advice.empty()) {
        text.append("  hint: ").append(advice).append("\n");
    }
    return cleanForXml(redacted(text));
}

void Exchange::requireShallowJson(Location where) const {
    if (nesting(body()) > deepestJson) {
        report(Outcome::fatal, where, "the reply's JSON is nested deeper than 128 levels\n" + text());
        throw ExpectationFailed("the reply's JSON is nested deeper than 128 levels");
    }
}

void Exchange::endCaseForBadJson(Location where) const {
    report(Outcome::fatal, where, "the reply's body is no JSON\n" + text());
    throw ExpectationFailed("the reply's body is no JSON");
}

} // namespace httptest::v1
