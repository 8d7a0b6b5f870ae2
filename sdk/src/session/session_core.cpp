#include "session/session_core.hpp"

#include "session/bad_authorization.hpp"
#include "session/identities.hpp"
#include "session/redirects.hpp"
#include "trace/in_flight.hpp"

#include <httptest/error.hpp>
#include <httptest/redactor.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// Longer than any failure text about it is made.
constexpr auto tamperedRemembered = std::chrono::hours(1);

/// Whether the error is about something that was sent or asked for; a mistake of the test's says all by itself.
bool isOfAnExchange(Error const& error) {
    return dynamic_cast<TransportError const*>(&error) != nullptr ||
           dynamic_cast<LoginError const*>(&error) != nullptr || dynamic_cast<RedirectError const*>(&error) != nullptr;
}

} // namespace

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

SessionCore::SessionCore(Parts parts)
    : parts_(std::move(parts)),
      pathPrefix_(parts_.baseUrl.target),
      purpose_("as '" + parts_.identity + "'") {
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

bool SessionCore::isTokenOrigin(Origin const& origin) const {
    return std::find(parts_.tokenOrigins.begin(), parts_.tokenOrigins.end(), origin) != parts_.tokenOrigins.end();
}

bool SessionCore::wantsCredential(Request const& request, Wishes const& wishes, std::string& note) const {
    if (wishes.anonymous) {
        note = "sent without a credential, as the test asked";
        return false;
    }
    if (request.headers.has("Authorization")) {
        if (wishes.bad != nullptr) {
            throw InvalidRequest("the request has an Authorization header of its own and auth(…) too; keep one");
        }
        note = "sent with the test's own Authorization header";
        return false;
    }
    Origin const& origin = request.url.origin;
    if (!isTokenOrigin(origin)) {
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

Exchange SessionCore::send(Request request, Wishes const& wishes) {
    Use const use(*this);
    requireOpen(request);
    InFlight const underWay(request, purpose_, *parts_.clock);
    requests_.fetch_add(1, std::memory_order_relaxed);
    auto record = std::make_shared<ExchangeRecord>();
    record->sentAt = parts_.clock->wall();
    record->clock = parts_.clock;
    record->identity = parts_.identity;
    record->providerVersion = parts_.providerVersion;
    record->tlsVerified = !parts_.unverifiedTls;
    record->acceptedBefore = accepted_.load(std::memory_order_relaxed);
    record->curl = parts_.curl;
    record->attemptedAt = parts_.clock->steady();
    SteadyTime const begun = record->attemptedAt;
    try {
        run(*record, std::move(request), wishes, deadline(wishes.timeout, begun));
    } catch (Error& error) {
        if (isOfAnExchange(error)) {
            auto const* const transport = dynamic_cast<TransportError const*>(&error);
            record->response.connection = transport != nullptr ? transport->connection() : record->response.connection;
            record->response.timings.total = parts_.clock->steady() - begun;
            error.exchange_ = std::move(record);
        }
        throw;
    }
    bool const accepted = record->response.status >= 200 && record->response.status <= 299;
    accepted_.fetch_add(accepted && record->attachment.attached() ? 1 : 0, std::memory_order_relaxed);
    return Exchange(std::move(record));
}

void SessionCore::run(ExchangeRecord& record, Request request, Wishes const& wishes, SteadyTime until) {
    bool const credential = wantsCredential(request, wishes, record.note);
    bool const own = credential && wishes.bad == nullptr;
    if (own) {
        record.provider = parts_.provider;
    } else if (credential) {
        record.request = request;
        std::string value = badAuthorization(request, *wishes.bad, until, record.note);
        if (!value.empty()) {
            request.headers.set("Authorization", std::move(value));
        }
    }
    if (parts_.unverifiedTls) {
        appendNote(record.note, "TLS IS NOT VERIFIED (insecure_skip_verify)");
    }
    travel(record, std::move(request), wishes, own ? parts_.provider.get() : nullptr, until);
}

/// The header that a bad credential is sent in. It is the request's and none of an attachment: what the server says of it
/// means nothing for the identity's own. Empty, with the reason noted, where the origin may not have it.
std::string SessionCore::badAuthorization(Request const& request, BadCredential const& bad, SteadyTime until,
                                          std::string& note) const {
    using Kind = BadCredential::Kind;
    std::string value;
    if (bad.kind == Kind::tampered) {
        value = tamperedAuthorization(bearerFor(request, until, note));
        // Not a Secret, which would be remembered for good.
        keepOutOfOutput(value, BootClock::now() + tamperedRemembered);
    } else if (bad.kind == Kind::ofIdentity) {
        value = sibling(bad.identity)->bearerFor(request, until, note);
    } else {
        value = madeUpAuthorization(bad);
    }
    if (!value.empty()) {
        note = "sent with a bad credential on purpose: " + describe(bad);
    }
    return value;
}

/// The Authorization header that this identity sends with `request`; empty, with the reason noted, for another origin.
std::string SessionCore::bearerFor(Request const& request, SteadyTime until, std::string& note) const {
    Use const use(*this);
    requireOpen(request);
    if (!wantsCredential(request, {}, note)) {
        return {};
    }
    Request copy = request;
    parts_.provider->authorize(copy, {until, stop_.get_token()});
    std::string const* const value = copy.headers.find("Authorization");
    if (value == nullptr || !value->starts_with("Bearer ")) {
        throw Misconfigured("the provider of identity '" + parts_.identity +
                            "' attaches no bearer token, so that none can be sent as a bad credential");
    }
    return *value;
}

Attachment SessionCore::authorize(Request& request, std::chrono::milliseconds timeout) {
    Use const use(*this);
    requireOpen(request);
    std::string note;
    if (!wantsCredential(request, {}, note)) {
        return {};
    }
    return parts_.provider->authorize(request, {deadline(timeout, parts_.clock->steady()), stop_.get_token()});
}

Refusal SessionCore::refused(Response const& response, Attachment const& attachment) {
    Use const use(*this);
    if (stop_.stop_requested() || response.status != 401 || !attachment.attached()) {
        return {};
    }
    Refusal refusal = parts_.provider->refused(response, attachment);
    replays_.fetch_add(refusal.replay ? 1 : 0, std::memory_order_relaxed);
    return refusal;
}

void SessionCore::requireOpen(Request const& request) const {
    if (stop_.stop_requested()) {
        throw Cancelled(Phase::send, request.method + " " + request.url.text() + ": " + whyClosed_);
    }
}

SteadyTime SessionCore::deadline(std::chrono::milliseconds timeout, SteadyTime now) const {
    return now + (timeout.count() > 0 ? timeout : parts_.requestTimeout);
}

std::shared_ptr<SessionCore> SessionCore::sibling(std::string_view identity) const {
    if (auto const identities = parts_.identities.lock()) {
        return identities->find(identity);
    }
    throw Cancelled(Phase::send, "the harness has ended");
}

AuthStatus SessionCore::auth() const {
    Use const use(*this); // so that `close` does not take the provider away meanwhile
    return stop_.stop_requested() ? AuthStatus{} : parts_.provider->describe();
}

HarnessCounters SessionCore::counters() const {
    return {requests_.load(), attempts_.load(), replays_.load()};
}

void SessionCore::close(std::string why) {
    whyClosed_ = std::move(why);
    stop_.request_stop();
    for (int users = users_.load(); users != 0; users = users_.load()) {
        users_.wait(users);
    }
    parts_.provider.reset();
}

} // namespace httptest::v1
