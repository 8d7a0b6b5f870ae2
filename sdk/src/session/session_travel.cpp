#include "session/content_encoding.hpp"
#include "session/redirects.hpp"
#include "session/session_core.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace httptest::inline v1 {

/// Sends the request and what its redirects make of it; the record gets the last exchange.
///
/// @param provider  Null for a request that carries nothing of the identity's, and so does whatever follows it.
void SessionCore::travel(ExchangeRecord& record, Request plain, Wishes const& wishes, AuthProvider* provider,
                         SteadyTime until) {
    Redirects redirects(wishes.redirects.value_or(parts_.redirects));
    for (;;) {
        exchange(record, plain, wishes, provider, until);
        std::optional<Request> following = redirects.next(plain, record.response, record.hops, record.note);
        if (!following) {
            return;
        }
        record.hops.push_back({record.request.method, record.request.url, record.response.status,
                               *record.response.headers.find("Location"),
                               record.attachment.attached() || carriesCredential(record.request)});
        record.diagnosis.clear(); // of a 401 that the replay has got over
        Origin const& origin = following->url.origin;
        if (provider != nullptr && isTokenOrigin(origin)) {
            refuseClearText(origin);
        } else if (provider != nullptr) {
            provider = nullptr;
            appendNote(record.note, "redirected to " + origin.text() +
                                        ", which gets no credential, as it is neither the base URL's origin nor one "
                                        "of token_origins; nor does any later hop");
        } else if (carriesCredential(plain) && !carriesCredential(*following)) {
            appendNote(record.note, "redirected to " + origin.text() + ", another origin, which gets no credential");
        }
        plain = std::move(*following);
    }
}

/// One hop: authorized, sent, and sent once more where its credential was refused and that may help.
void SessionCore::exchange(ExchangeRecord& record, Request const& plain, Wishes const& wishes, AuthProvider* provider,
                           SteadyTime until) {
    AuthContext const context{until, stop_.get_token()};
    record.request = plain;
    record.response = {};
    record.attachment = {};
    record.attachment = provider != nullptr ? provider->authorize(record.request, context) : Attachment{};
    sendOnce(record, wishes.gzip, until);
    if (record.response.status != 401 || !record.attachment.attached()) {
        return;
    }
    Refusal refusal = provider->refused(record.response, record.attachment);
    record.diagnosis = std::move(refusal.diagnosis);
    if (!wishes.replay) {
        record.diagnosis.append("; not replayed, as the test asked");
    } else if (record.attempts > 1) {
        record.diagnosis.append("; not replayed: an earlier hop was, and a request has one replay");
    } else if (refusal.replay && readyReplay(record, plain, *provider, context)) {
        replays_.fetch_add(1, std::memory_order_relaxed);
        ++record.attempts;
        sendOnce(record, wishes.gzip, until);
        if (record.response.status == 401) {
            Refusal const again = provider->refused(record.response, record.attachment);
            record.diagnosis.append("; the replay was refused too: ").append(again.diagnosis);
        }
    }
}

/// Readies the record's request for its replay; false, with the reason noted, when the login for it fails.
bool SessionCore::readyReplay(ExchangeRecord& record, Request const& plain, AuthProvider& provider,
                              AuthContext const& context) {
    Request again = plain;
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

void SessionCore::sendOnce(ExchangeRecord& record, bool gzip, SteadyTime until) {
    attempts_.fetch_add(1, std::memory_order_relaxed);
    record.response = {};
    record.attemptedAt = parts_.clock->steady();
    record.response = parts_.transport->send(record.request, until, stop_.get_token());
    if (gzip) {
        decodeBody(record.response, record.request, parts_.bodyLimit);
    }
}

} // namespace httptest::v1
