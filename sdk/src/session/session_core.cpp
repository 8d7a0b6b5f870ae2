#include "session/session_core.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

Transport::~Transport() = default;

/// Counts a request as under way, so that `close` can wait for it.
class SessionCore::Use {
public:
    explicit Use(SessionCore const& core) : core_(core) { core_.users_.fetch_add(1); }
    ~Use() {
        if (core_.users_.fetch_sub(1) == 1 && core_.stop_.stop_requested()) {
            core_.users_.notify_all();
        }
    }
    Use(Use const&) = delete;
    Use& operator=(Use const&) = delete;

private:
    SessionCore const& core_;
};

SessionCore::SessionCore(Parts parts) : parts_(std::move(parts)), pathPrefix_(parts_.baseUrl.target) {
    if (pathPrefix_.find('?') != std::string::npos) {
        throw Misconfigured("the base URL '" + parts_.baseUrl.text() + "' has a query; give the part before '?'");
    }
    while (pathPrefix_.ends_with('/')) {
        pathPrefix_.pop_back();
    }
}

Url SessionCore::urlOf(std::string_view target) const {
    if (target.find("://") != std::string_view::npos && !target.starts_with('/')) {
        return Url::parse(target);
    }
    if (!target.starts_with('/')) {
        throw InvalidRequest("the path '" + std::string(target) + "' must begin with '/' (or be an absolute URL)");
    }
    Url url;
    url.origin = parts_.baseUrl.origin;
    url.target.reserve(pathPrefix_.size() + target.size());
    url.target.assign(pathPrefix_).append(target);
    return url;
}

bool SessionCore::wantsCredential(Request const& request, bool anonymous, std::string& note) const {
    if (anonymous) {
        note = "sent without a credential, as the test asked";
        return false;
    }
    if (request.headers.has("Authorization")) {
        note = "sent with the test's own Authorization header";
        return false;
    }
    Origin const& origin = request.url.origin;
    if (std::find(parts_.tokenOrigins.begin(), parts_.tokenOrigins.end(), origin) == parts_.tokenOrigins.end()) {
        note = "sent without a credential: " + origin.text() +
               " is neither the base URL's origin nor one of token_origins";
        return false;
    }
    refuseClearText(origin);
    refuseClearText(parts_.baseUrl.origin); // where the login goes
    return true;
}

void SessionCore::refuseClearText(Origin const& origin) const {
    if (!origin.secure() && !origin.loopback() && !parts_.allowInsecureHttp) {
        throw Misconfigured("refusing to send a credential to " + origin.text() +
                            " in clear text; use https://, or allow it with " + parts_.howToAllowInsecureHttp);
    }
}

Exchange SessionCore::send(Request const& request, bool anonymous, std::chrono::milliseconds timeout) {
    Use const use(*this);
    requireOpen(request);
    requests_.fetch_add(1, std::memory_order_relaxed);
    auto record = std::make_shared<ExchangeRecord>();
    record->sentAt = parts_.clock->wall();
    record->clock = parts_.clock;
    bool const credential = wantsCredential(request, anonymous, record->note);
    if (credential) {
        record->provider = parts_.provider;
    }
    if (parts_.unverifiedTls) {
        record->note.append(record->note.empty() ? "" : "; ").append("TLS IS NOT VERIFIED (insecure_skip_verify)");
    }
    exchange(*record, request, credential ? parts_.provider.get() : nullptr, deadline(timeout));
    return Exchange(std::move(record));
}

Attachment SessionCore::authorize(Request& request, std::chrono::milliseconds timeout) {
    Use const use(*this);
    requireOpen(request);
    std::string note;
    if (!wantsCredential(request, false, note)) {
        return {};
    }
    return parts_.provider->authorize(request, {deadline(timeout), stop_.get_token()});
}

void SessionCore::requireOpen(Request const& request) const {
    if (stop_.stop_requested()) {
        throw Cancelled(Phase::send, request.method + " " + request.url.text() + ": the harness has ended");
    }
}

SteadyTime SessionCore::deadline(std::chrono::milliseconds timeout) const {
    return parts_.clock->steady() + (timeout.count() > 0 ? timeout : parts_.requestTimeout);
}

void SessionCore::exchange(ExchangeRecord& record, Request const& request, AuthProvider* provider,
                           SteadyTime deadline) {
    AuthContext const context{deadline, stop_.get_token()};
    record.request = request;
    if (provider != nullptr) {
        record.attachment = provider->authorize(record.request, context);
    }
    attempts_.fetch_add(1, std::memory_order_relaxed);
    record.response = parts_.transport->send(record.request, deadline, context.stop);
    if (record.response.status != 401 || provider == nullptr || !record.attachment.attached()) {
        return;
    }
    if (replay(record, request, *provider, context)) {
        attempts_.fetch_add(1, std::memory_order_relaxed);
        ++record.attempts;
        record.response = parts_.transport->send(record.request, deadline, context.stop);
        if (record.response.status == 401) {
            Refusal const again = provider->refused(record.response, record.attachment);
            record.diagnosis.append("; the replay was refused too: ").append(again.diagnosis);
        }
    }
}

/// Readies the record's request for its one replay; false, with the reason noted, when there is none.
bool SessionCore::replay(ExchangeRecord& record, Request const& request, AuthProvider& provider,
                         AuthContext const& context) {
    Refusal refusal = provider.refused(record.response, record.attachment);
    record.diagnosis = std::move(refusal.diagnosis);
    if (!refusal.replay) {
        return false;
    }
    Request again = request;
    try {
        record.attachment = provider.authorize(again, context);
    } catch (std::exception const& error) {
        // The tested system's answer is data: the test gets its 401, and the login's trouble as the diagnosis.
        record.diagnosis.append("; no replay, since the new login failed: ").append(error.what());
        return false;
    }
    record.request = std::move(again);
    return true;
}

AuthStatus SessionCore::auth() const {
    Use const use(*this); // so that `close` does not take the provider away meanwhile
    return stop_.stop_requested() ? AuthStatus{} : parts_.provider->describe();
}

HarnessCounters SessionCore::counters() const {
    return {requests_.load(), attempts_.load()};
}

void SessionCore::close() {
    stop_.request_stop();
    for (int users = users_.load(); users != 0; users = users_.load()) {
        users_.wait(users);
    }
    parts_.provider.reset();
}

} // namespace httptest::v1
