#include "session/redirects.hpp"

#include <httptest/error.hpp>
#include <httptest/redactor.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// Enough to tell hops apart, whatever a server wrote into them.
constexpr std::size_t shownUrlBytes = 200;

bool isRedirect(int status) noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool becomesGet(std::string const& method, int status) noexcept {
    bool const retrieves = method == "GET" || method == "HEAD";
    return (status == 303 && !retrieves) || (status != 307 && status != 308 && method == "POST");
}

/// By its name, or since it holds what never appears in our output.
bool holdsCredential(Headers::Field const& field) {
    return isSecretHeader(field.name) || redacted(field.value) != field.value;
}

template <class Predicate>
void removeIf(Headers& headers, Predicate const& unwanted) {
    Headers kept;
    kept.reserve(headers.size());
    for (Headers::Field const& field : headers) {
        if (!unwanted(field)) {
            kept.add(field.name, field.value);
        }
    }
    headers = std::move(kept);
}

void becomeGet(Request& request) {
    request.method = "GET";
    request.body.clear();
    removeIf(request.headers, [](Headers::Field const& field) {
        constexpr std::string_view content = "Content-";
        return equalsIgnoringCase(std::string_view(field.name).substr(0, content.size()), content) ||
               equalsIgnoringCase(field.name, "Digest") || equalsIgnoringCase(field.name, "Last-Modified");
    });
}

/// The one Location; nothing, with the reason noted, where there is none or more than one.
std::string const* locationOf(Response const& reply, std::string& note) {
    std::string const* const location = reply.headers.find("Location");
    if (location == nullptr) {
        appendNote(note, "the redirect was not followed: it has no Location");
        return nullptr;
    }
    bool const one = std::all_of(reply.headers.begin(), reply.headers.end(), [&](Headers::Field const& field) {
        return !equalsIgnoringCase(field.name, "Location") || field.value == *location;
    });
    if (!one) {
        appendNote(note, "the redirect was not followed: it has two different Locations");
        return nullptr;
    }
    return location;
}

std::string shownHop(std::string const& method, Url const& url) {
    std::string const text = redacted(url.text());
    return method + " " + text.substr(0, shownUrlBytes) + (text.size() > shownUrlBytes ? "…" : "");
}

std::string shownChain(std::vector<Hop> const& hops, Request const& sent, Response const& reply) {
    std::string text;
    for (Hop const& hop : hops) {
        text.append(shownHop(hop.method, hop.url)).append(" (").append(std::to_string(hop.status)).append(") -> ");
    }
    return text.append(shownHop(sent.method, sent.url)).append(" (").append(std::to_string(reply.status)).append(")");
}

} // namespace

bool carriesCredential(Request const& request) {
    return std::any_of(request.headers.begin(), request.headers.end(), holdsCredential);
}

void appendNote(std::string& note, std::string_view text) {
    note.append(note.empty() ? "" : "; ").append(text);
}

std::optional<Request> Redirects::next(Request const& sent, Response const& reply, std::vector<Hop> const& hops,
                                       std::string& note) {
    if (most_ == 0 || !isRedirect(reply.status)) {
        return std::nullopt;
    }
    std::string const* const location = locationOf(reply, note);
    if (location == nullptr) {
        return std::nullopt;
    }
    Request following = sent;
    try {
        following.url = sent.url.resolve(*location);
    } catch (InvalidRequest const& error) {
        appendNote(note, std::string("the redirect was not followed: its Location ") + error.what());
        return std::nullopt;
    }
    if (becomesGet(sent.method, reply.status)) {
        becomeGet(following);
    }
    if (following.url.origin != sent.url.origin) {
        if (redacted(following.body) != following.body) {
            appendNote(note, "the redirect to " + following.url.origin.text() +
                                 " was not followed: the request's body holds a credential, which another origin does "
                                 "not get");
            return std::nullopt;
        }
        removeIf(following.headers, [](Headers::Field const& field) {
            return equalsIgnoringCase(field.name, "Host") || holdsCredential(field);
        });
    }
    seen_.insert(sent.method + " " + sent.url.text());
    if (seen_.contains(following.method + " " + following.url.text())) {
        throw RedirectError("redirected in a circle, back to " + shownHop(following.method, following.url) + ": " +
                            shownChain(hops, sent, reply));
    }
    if (hops.size() >= static_cast<std::size_t>(most_)) {
        throw RedirectError(
            "redirected more than " + std::to_string(most_) +
            " times, which is the limit (redirects(n), or the setting redirects): " + shownChain(hops, sent, reply));
    }
    return following;
}

} // namespace httptest::v1
