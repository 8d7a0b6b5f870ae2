#include "report/shell_line.hpp"

#include "expect/json_text.hpp"

#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <algorithm>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t longestBodyInLine = 1000;

/// What curl sends by itself, what the pipe brings, and the id of the request that was sent.
bool sentAnyway(Headers::Field const& field, bool tokenByPipe) {
    auto const is = [&field](std::string_view name) { return equalsIgnoringCase(field.name, name); };
    return is("User-Agent") || is("X-Request-ID") || (is("Accept") && field.value == "*/*") ||
           (tokenByPipe && is("Authorization"));
}

/// Whether a text reaches the reader of a report as it is.
bool survivesReport(std::string_view text) {
    return text.find('\r') == std::string_view::npos && cleanForXml(text) == text && redacted(text) == text;
}

std::string identityOption(ExchangeRecord const& record) {
    bool const named = !record.identity.empty() && record.identity != "default";
    return named ? " --identity " + shellWord(record.identity) : "";
}

class ShellLine {
public:
    explicit ShellLine(ExchangeRecord const& record) : record_(record), tokenByPipe_(record.attachment.attached()) {}

    std::string text() {
        if (tokenByPipe_) {
            line_ = "httptest token --header" + identityOption(record_) + " | ";
        }
        line_ += "curl -sS -i";
        line_ += tokenByPipe_ ? " -H @-" : "";
        line_ += record_.tlsVerified ? "" : " -k";
        if (record_.curl && !record_.curl->leftOut.empty()) {
            leaveOut(record_.curl->leftOut);
        }
        line_ += record_.curl ? record_.curl->options : "";
        appendMethod();
        appendHeaders();
        appendBody();
        appendUrl();
        return leftOut_.empty() ? line_ : line_ + " # left out: " + leftOut_;
    }

private:
    void appendMethod() {
        std::string const& method = record_.request.method;
        if (method == "HEAD") {
            line_ += " --head"; // with -X HEAD curl waits for a body
        } else if (method != "GET" || !record_.request.body.empty()) {
            line_ += " -X " + shellWord(method);
        }
    }

    void appendHeaders() {
        for (Headers::Field const& field : record_.request.headers) {
            if (sentAnyway(field, tokenByPipe_)) {
                continue;
            }
            if (isSecretHeader(field.name) || !survivesReport(field.name + ": " + field.value)) {
                leaveOut("header " + field.name);
            } else {
                // curl's way of writing an empty header, which would be left out otherwise
                line_ += " -H " + shellWord(field.name + (field.value.empty() ? ";" : ": " + field.value));
            }
        }
    }

    void appendBody() {
        std::string const& body = record_.request.body;
        if (body.empty()) {
            return;
        }
        if (!record_.request.headers.has("Content-Type")) {
            line_ += " -H Content-Type:"; // curl would add a form's
        }
        if (body.size() <= longestBodyInLine && !body.starts_with('@') && survivesReport(body)) {
            line_ += " --data-binary " + shellWord(body);
        } else {
            line_ += " --data-binary @body";
            leaveOut("the file body of " + counted(body.size(), "byte"));
        }
    }

    void appendUrl() {
        std::string const url = record_.request.url.text();
        line_ += url.find("/.") == std::string::npos ? "" : " --path-as-is";
        std::string const shown = redacted(url);
        line_ += " " + shellWord(shown);
        if (shown != url) {
            leaveOut("secrets of the URL");
        }
    }

    void leaveOut(std::string const& what) { leftOut_ += (leftOut_.empty() ? "" : ", ") + what; }

    ExchangeRecord const& record_;
    bool const tokenByPipe_;
    std::string line_;
    std::string leftOut_;
};

} // namespace

std::string shellWord(std::string_view text) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-";
    if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
        return std::string(text);
    }
    std::string word = "'";
    for (char const c : text) {
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return word + "'";
}

std::string shellLine(ExchangeRecord const& record) {
    return ShellLine(record).text();
}

std::string doctorLine(ExchangeRecord const& record) {
    return "httptest doctor" + identityOption(record);
}

} // namespace httptest::v1
