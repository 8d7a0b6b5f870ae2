#include "expect/json_text.hpp"
#include "report/body_text.hpp"
#include "report/excerpt.hpp"
#include "report/hints.hpp"
#include "report/shell_line.hpp"
#include "session/version.hpp"
#include "time_text.hpp"

#include <httptest/error.hpp>
#include <httptest/exchange.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <cstdlib>
#include <optional>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t shownHeaderBytes = 500;

/// The CI's name for this run: one variable of Jenkins's, or two.
std::string buildName() {
    if (char const* const tag = std::getenv("BUILD_TAG"); tag != nullptr && *tag != '\0') {
        return tag;
    }
    char const* const job = std::getenv("JOB_NAME");
    char const* const number = std::getenv("BUILD_NUMBER");
    return job == nullptr || *job == '\0' ? ""
                                          : std::string(job) + (number == nullptr ? "" : std::string(" #") + number);
}

std::string shownValue(Headers::Field const& field) {
    if (isSecretHeader(field.name)) {
        return std::string(redactedMark);
    }
    Excerpt const excerpt = redactedExcerpt(field.value, shownHeaderBytes);
    return excerpt.whole ? excerpt.text : excerpt.text + "…";
}

/// A failure is reported whatever a foreign provider does.
std::optional<AuthStatus> statusOf(ExchangeRecord const& record) {
    std::shared_ptr<AuthProvider> const provider = record.provider.lock();
    try {
        return provider ? std::optional(provider->describe()) : std::nullopt;
    } catch (...) {
        return std::nullopt;
    }
}

class ExchangeText {
public:
    /// @param error  Why there is no exchange to be looked at; null where there is one.
    explicit ExchangeText(ExchangeRecord const& record, Error const* error = nullptr)
        : record_(record),
          error_(error),
          auth_(statusOf(record)) {}

    std::string text() {
        text_ = record_.request.method + " " + record_.request.url.text() + "\n";
        appendCircumstances();
        appendConnection();
        appendIdentity();
        appendRequestIds();
        line(record_.note);
        appendHops();
        appendRequest();
        appendReply();
        for (std::string const& hint : hintsFor(record_, auth_ ? &*auth_ : nullptr, error_)) {
            line("hint: " + hint);
        }
        line("again: " + (loginFailed() ? doctorLine(record_) : shellLine(record_)));
        return std::move(text_);
    }

private:
    bool loginFailed() const { return dynamic_cast<LoginError const*>(error_) != nullptr; }

    void line(std::string const& content) {
        if (!content.empty()) {
            text_.append("  ").append(content).append("\n");
        }
    }

    void appendCircumstances() {
        std::string content = (loginFailed() ? "begun " : "sent ") + utcText(record_.sentAt) + ", attempt " +
                              std::to_string(record_.attempts) + (error_ != nullptr ? ", failed after " : ", took ") +
                              shortTime(record_.response.timings.total);
        content.append("; httptest-runai ").append(version);
        if (auth_) {
            content += ", provider '" + auth_->provider + "'";
            content += record_.providerVersion.empty() ? "" : " " + record_.providerVersion;
        }
        std::string const build = buildName();
        line(build.empty() ? content : content + ", build " + build);
    }

    /// The certificate's facts matter where somebody may stand between.
    void appendConnection() {
        if (!record_.response.connection) {
            return;
        }
        ConnectionFacts const& facts = *record_.response.connection;
        std::string content = facts.peer.empty() ? "not connected" : "peer " + facts.peer;
        content += record_.response.connectionReused ? ", kept connection" : "";
        content += facts.tlsVersion.empty() ? "" : ", " + facts.tlsVersion;
        content += facts.proxy.empty() ? "" : ", by proxy " + facts.proxy;
        bool const verified = record_.tlsVerified && !facts.trustAnchor.empty();
        if (!facts.tlsVersion.empty() && (!verified || !facts.proxy.empty())) {
            content += ", certificate issued by " + facts.peerIssuer + (verified ? "" : ", NOT VERIFIED");
        }
        line(content);
    }

    void appendIdentity() {
        if (!auth_) {
            return;
        }
        line("identity '" + auth_->identity + "', " + auth_->account +
             (auth_->subject.empty() ? "" : ", subject " + auth_->subject));
        if (!record_.attachment.attached()) {
            return;
        }
        Attachment const& attachment = record_.attachment;
        bool const current = auth_->fingerprint == attachment.fingerprint;
        std::string content = "token " + attachment.fingerprint;
        if (attachment.obtainedAt && attachment.expiresAt) {
            auto const age = record_.attemptedAt - *attachment.obtainedAt;
            auto const rest = *attachment.expiresAt - record_.attemptedAt;
            content += ", age " + secondsText(age) + (rest.count() > 0 ? ", ends in " : ", ended ") +
                       secondsText(std::chrono::abs(rest)) + (rest.count() > 0 ? "" : " before it was sent") +
                       (current ? " (" + auth_->lifetimeSource + ")" : "");
        }
        content += current ? "" : ", no longer in use";
        content += "; " + counted(auth_->counters.logins, "login") + " so far";
        std::uint64_t const ahead = auth_->counters.refreshesAhead;
        line(ahead == 0 ? content
                        : content + ", " + std::to_string(ahead) + (ahead == 1 ? " refresh" : " refreshes") + " ahead");
    }

    void appendRequestIds() {
        std::string const* const ours = record_.request.headers.find("X-Request-ID");
        std::string const* const theirs = record_.response.headers.find("X-Request-ID");
        if (ours != nullptr) {
            line("request id " + *ours + (theirs != nullptr && *theirs != *ours ? ", the server's " + *theirs : ""));
        } else if (theirs != nullptr) {
            line("request id of the server " + *theirs);
        }
    }

    void appendHops() {
        for (Hop const& hop : record_.hops) {
            line("redirected: " + hop.method + " " + hop.url.text() + " answered " + std::to_string(hop.status) +
                 ", Location: " + hop.location + (hop.credential ? "" : " (sent without a credential)"));
        }
    }

    void appendRequest() {
        Request const& request = record_.request;
        line("> " + request.method + " " + request.url.target);
        appendMessage("> ", request.headers, request.body);
    }

    void appendReply() {
        Response const& response = record_.response;
        if (response.status == 0) {
            return line("< no reply");
        }
        line("< " + std::to_string(response.status) + " " + response.reason);
        appendMessage("< ", response.headers, response.body, response.bodyDecoded);
    }

    void appendMessage(std::string const& sign, Headers const& headers, std::string const& body, bool decoded = false) {
        for (Headers::Field const& field : headers) {
            line(sign + field.name + ": " + shownValue(field));
        }
        if (!body.empty()) {
            line(sign);
            std::string const encoded = decoded ? "" : encodedBody(headers, body);
            text_.append(encoded.empty() ? bodyText(body, headers) : "  " + encoded + "\n");
        }
    }

    ExchangeRecord const& record_;
    Error const* const error_;
    std::optional<AuthStatus> const auth_;
    std::string text_;
};

} // namespace

std::string Exchange::text() const {
    return cleanForXml(redacted(ExchangeText(*record_).text()));
}

std::string failureText(Error const& error) {
    std::string text = error.what();
    if (error.exchange_) {
        text.append("\n").append(ExchangeText(*error.exchange_, &error).text());
    }
    return cleanForXml(redacted(text));
}

} // namespace httptest::v1
