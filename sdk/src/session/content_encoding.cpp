#include "session/content_encoding.hpp"

#include "session/gunzip.hpp"

#include <httptest/error.hpp>

namespace httptest::inline v1 {

void decodeBody(Response& response, Request const& request, std::size_t limit) {
    std::string const* const encoding = response.headers.find("Content-Encoding");
    // RFC 9110 section 8.4.1.3: "x-gzip" means the same. A reply to HEAD, or a 304, says how a body would be encoded.
    bool const gzip =
        encoding != nullptr && (equalsIgnoringCase(*encoding, "gzip") || equalsIgnoringCase(*encoding, "x-gzip"));
    if (!gzip || response.body.empty()) {
        return;
    }
    auto const about = [&](char const* what) { return request.method + " " + request.url.text() + ": " + what; };
    try {
        response.body = gunzipped(response.body, limit);
        response.bodyDecoded = true;
    } catch (ReplyTooLarge const& error) {
        throw ReplyTooLarge(error.phase(), about(error.what()));
    } catch (BadReply const& error) {
        throw BadReply(error.phase(), about(error.what()));
    }
}

} // namespace httptest::v1
