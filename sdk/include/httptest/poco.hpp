#pragma once

// Tokens for suites that send with Poco's own sessions. Header-only: the library shows no type of Poco's. A program that
// includes this needs Poco's headers and links Poco::Net itself.

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>
#include <httptest/session.hpp>

#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/URI.h>

#include <chrono>
#include <string>

namespace httptest::inline v1 {

namespace detail {

inline bool hasField(Poco::Net::HTTPRequest const& request, Headers::Field const& field) {
    for (auto const& [name, value] : request) {
        if (equalsIgnoringCase(name, field.name) && value == field.value) {
            return true;
        }
    }
    return false;
}

} // namespace detail

/// Puts the identity's credential on a request that Poco will send to `uri`, logging in where necessary:
///
///     auto const attached = httptest::authorize(session, request, uri);
///     client.sendRequest(request);
///     client.receiveResponse(response);
///     if (httptest::refused(session, request, response, attached)) { // once: not a loop
///         httptest::authorize(session, request, uri);
///         … send it again
///     }
///
/// The rules are `Session::authorize`'s: no other origin gets it, nor clear text beyond loopback, and a request with an
/// Authorization header of its own is left alone. Do not let Poco follow redirects with the request.
/// @param timeout  Bounds the login; zero for the setting `request_timeout_ms`.
/// @throws InvalidRequest  The URI is no absolute http(s) URL, or holds user-info.
/// @throws LoginError, TransportError, Misconfigured
inline Attachment authorize(Session const& session, Poco::Net::HTTPRequest& request, Poco::URI const& uri,
                            std::chrono::milliseconds timeout = std::chrono::milliseconds(0)) {
    Request authorized;
    authorized.method = request.getMethod();
    authorized.url = Url::parse(uri.toString());
    for (auto const& [name, value] : request) {
        authorized.headers.add(name, value);
    }
    Attachment attachment = session.authorize(authorized, timeout);
    for (Headers::Field const& field : authorized.headers) {
        if (!detail::hasField(request, field)) {
            request.set(field.name, field.value);
        }
    }
    return attachment;
}

/// Hears of the answer to a request that `authorize` was called for. True where it is worth to authorize the request
/// anew and send it once more: the refused credential has then been taken off it.
inline bool refused(Session const& session, Poco::Net::HTTPRequest& request, Poco::Net::HTTPResponse const& response,
                    Attachment const& attachment) {
    Response answer;
    answer.status = static_cast<int>(response.getStatus());
    answer.reason = response.getReason();
    for (auto const& [name, value] : response) {
        answer.headers.add(name, value);
    }
    if (!session.refused(answer, attachment).replay) {
        return false;
    }
    request.erase("Authorization");
    return true;
}

} // namespace httptest::v1
