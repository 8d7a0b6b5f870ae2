#include "fault_table.hpp"

#include <ostream>
#include <utility>

namespace fault_tests {

using namespace std::chrono_literals;
using namespace httptest::testing;

namespace {

using Over = FaultRow::Over;
using Certificate = FaultServerOptions::Certificate;
using Connection = Outcome::Connection;

Outcome replied(int status = 200, std::size_t requests = 1) {
    return {.status = status, .requests = requests, .connection = Connection::kept};
}

Outcome withConnection(Connection connection, Outcome outcome) {
    outcome.connection = connection;
    return outcome;
}

Outcome failed(std::string type, std::string text, std::size_t requests = 1) {
    return {.error = std::move(type), .text = std::move(text), .requests = requests};
}

/// A login that the token cache has tried again, each time with the same end.
Outcome unreachable(std::string const& text) {
    return failed("LoginUnreachable", text + " (after 4 attempts)", loginAttempts);
}

Outcome badLogin(std::string const& text, std::size_t requests = 1) {
    return failed("BadLoginReply", text, requests);
}

/// A login whose time is over after one attempt.
Outcome loginTimedOut(std::string const& text, std::size_t requests = 1) {
    return failed("LoginUnreachable", text, requests);
}

std::string timedOut(std::string const& phase) {
    return "{request} timed out after {T} s while " + phase + " (limit {limit}, connected to {address})";
}

std::string server(std::string const& what) {
    return "{request}: the server " + what + " {peer}";
}

/// A row whose API call and login both get no proper reply.
FaultRow malformed(std::string section, Fault const& fault, std::string const& what) {
    return {.section = std::move(section),
            .name = fault.name(),
            .fault = fault,
            .get = failed("BadReply", server(what)),
            .login = badLogin(server(what))};
}

/// A row whose fault harms nobody.
FaultRow harmless(std::string section, Fault const& fault, Connection connection) {
    return {.section = std::move(section),
            .name = fault.name(),
            .fault = fault,
            .get = withConnection(connection, replied()),
            .login = replied()};
}

FaultRow of(std::string section, Fault const& fault, Outcome api, Outcome login) {
    return {.section = std::move(section),
            .name = fault.name(),
            .fault = fault,
            .get = std::move(api),
            .login = std::move(login)};
}

std::vector<FaultRow> time() {
    std::string const section = "Time";
    auto const slow = [&](Fault const& fault, std::string const& phase) {
        auto row = of(section, fault, failed("TimedOut", timedOut(phase)), loginTimedOut(timedOut(phase)));
        row.limit = Limit::exchange;
        return row;
    };
    return {
        harmless(section, faults::latency(50ms), Connection::kept),
        slow(faults::latency(60s), "waiting for the reply"),
        slow(faults::silence(), "waiting for the reply"),
        slow(faults::drip(50ms), "reading the reply"),
        slow(faults::latency(50ms) + faults::drip(50ms), "reading the reply"),
        harmless(section, faults::bandwidth(100'000), Connection::kept),
        slow(faults::bandwidth(20), "reading the reply"),
    };
}

std::vector<FaultRow> connections() {
    std::string const section = "The connection";
    std::string const closed = server("closed the connection before a byte of the reply came{unsafe}");
    std::string const reset = server("reset the connection before a byte of the reply came{unsafe}");
    auto const lost = [&](Fault const& fault, std::string const& text) {
        return of(section, fault, failed("ConnectionLost", text), unreachable(text));
    };
    auto fin = lost(faults::fin(), closed);
    fin.get->requests = fin.login->requests = 0;

    auto unordered = malformed(section, faults::noLength() + faults::noCloseNotify(),
                               "closed the connection without close_notify after {N} bytes of a body without a "
                               "length, so that it may be cut short");
    unordered.over = Over::https;
    auto ordered = harmless(section, faults::noCloseNotify(), Connection::discarded);
    ordered.over = Over::https;
    return {
        fin,
        lost(faults::emptyReply(), closed),
        lost(faults::reset(), reset),
        malformed(section, faults::cutAfter(20), "closed the connection in the middle of the reply's header"),
        malformed(section, faults::resetAfter(20), "reset the connection in the middle of the reply's header"),
        harmless(section, faults::noLength(), Connection::discarded),
        ordered,
        unordered,
    };
}

std::vector<FaultRow> keptConnections() {
    std::string const section = "A connection that was kept";
    std::string const closed = server("closed the connection before a byte of the reply came{unsafe}");
    std::string const reset = server("reset the connection before a byte of the reply came{unsafe}");
    auto const lostOnce = [&](std::string name, Fault const& fault, std::string const& text) {
        FaultRow row{.section = section,
                     .name = std::move(name),
                     .fault = fault,
                     .times = 1,
                     .client = {.connection = Kept::well},
                     .get = replied(200, 2),
                     .post = failed("ConnectionLost", text),
                     .login = replied(200, 2)};
        return row;
    };
    auto const lostWhileIdle = [&](Fault const& fault) {
        auto row = harmless(section, fault, Connection::kept);
        row.times = 1;
        row.client.connection = Kept::spoilt;
        return row;
    };
    auto cut = lostWhileIdle(faults::noCloseNotify());
    cut.over = Over::https;
    return {
        lostWhileIdle(faults::closeWhenIdle()),
        lostWhileIdle(faults::resetWhenIdle()),
        cut,
        lostOnce("closed when the request comes", faults::emptyReply(), closed),
        lostOnce("reset when the request comes", faults::reset(), reset),
    };
}

std::vector<FaultRow> messages() {
    std::string const section = "The message";
    auto const tooLarge = [&](Fault const& fault, std::string const& what) {
        auto row = malformed(section, fault, what);
        row.get->error = "ReplyTooLarge";
        return row;
    };
    Fault const lengthNeverReached("length 10 too large, the connection stays open", [](Delivery& delivery) {
        faults::wrongLength(10).applyTo(delivery);
        delivery.afterwards = Delivery::Afterwards::hang;
    });
    std::string const reading = timedOut("reading the reply");
    auto neverReached = of(section, lengthNeverReached, failed("TimedOut", reading), loginTimedOut(reading));
    neverReached.limit = Limit::exchange;
    auto shortened = harmless(section, faults::wrongLength(-5), Connection::discarded);
    shortened.login = badLogin(
        "{at the token API}: the reply (status 200) is JSON that is cut short. Is RUNAI_BASE_URL the control plane's "
        "address?");
    return {
        malformed(section, faults::garbage(), "sent something that is no HTTP reply: \"?? this is no HTTP\""),
        malformed(section, faults::wrongLength(10), "closed the connection after {N} of {N} bytes of the body"),
        neverReached,
        shortened,
        harmless(section, faults::duplicateLengths(), Connection::kept),
        malformed(section, faults::conflictingLengths(), "sent a malformed or contradictory Content-Length"),
        malformed(section, faults::lengthAndChunks(), "sent a malformed or contradictory Content-Length"),
        harmless(section, faults::chunked(), Connection::kept),
        malformed(section, faults::badChunk(), "sent a malformed chunk after {N} bytes of the body"),
        malformed(section, faults::missingLastChunk(),
                  "closed the connection after {N} bytes of the body, before its last chunk"),
        harmless(section, faults::surplusBytes(), Connection::discarded),
        tooLarge(faults::hugeHeader(70'000), "sent a header of more than 65536 bytes"),
        tooLarge(faults::manyHeaders(200), "sent more than 100 header fields"),
        tooLarge(faults::endlessHeaders(), "sent a header of more than 65536 bytes"),
        tooLarge(faults::endlessBody(), "sent a body of more than 1048576 bytes"),
        tooLarge(faults::endlessChunks(), "sent a body of more than 1048576 bytes"),
        harmless(section, faults::earlyHints(), Connection::kept),
        malformed(section, faults::switchingProtocols(),
                  "switched protocols (101), which the request had not asked for"),
        malformed(section, faults::endlessInterimReplies(), "sent more than 20 interim replies (1xx) and no final one"),
    };
}

std::vector<FaultRow> encodings() {
    std::string const section = "gzip, which an API call asked for and a login did not";
    std::string const body = "{request}: the reply's gzip-encoded body ";
    auto const encoded = [&](Fault const& fault, Outcome api) {
        FaultRow row{.section = section,
                     .name = fault.name(),
                     .fault = fault,
                     .client = {.gzip = true},
                     .get = withConnection(Connection::kept, std::move(api)),
                     .login = badLogin("{at the token API}: the reply (status 200) is encoded (gzip), which was not "
                                       "asked for. Is RUNAI_BASE_URL the "
                                       "control plane's address?")};
        return row;
    };
    return {
        encoded(faults::gzip(), replied()),
        encoded(
            faults::gzipBomb(std::size_t{100} << 20),
            failed("ReplyTooLarge", body + "is longer than 1048576 bytes when it is decoded; raise max_body_bytes")),
        encoded(faults::truncatedGzip(), failed("BadReply", body + "is cut short")),
        encoded(faults::corruptGzip(), failed("BadReply", body + "is corrupt: incorrect data check")),
    };
}

/// What a login says of a page that came from both token APIs.
std::string pagesAnswered(std::string const& what) {
    return "could not log in to {url}/api/v1/token as 'ci-client': " + what + "; before that /api/v2/token: " + what +
           ". Is RUNAI_BASE_URL the control plane's address?";
}

std::vector<FaultRow> statuses() {
    std::string const section = "The status";
    std::string const trouble = "{at the token API}: the control plane or a gateway before it is in trouble (status ";
    auto const unavailable = [&](Fault const& fault, int status) {
        auto row =
            of(section, fault, replied(status),
               failed("LoginUnavailable", trouble + std::to_string(status) + ") (after 4 attempts)", loginAttempts));
        return row;
    };
    auto burst = of(section, faults::status(503), replied(503), replied(200, 3));
    burst.name = "status 503, twice";
    burst.times = 2;

    auto loop = of(section, faults::htmlPage(401, "Unauthorized"), replied(401, 2),
                   badLogin(pagesAnswered("an HTML page answered (status 401, title 'Unauthorized')"), 2));
    loop.name = "page 401, for ever";
    loop.client.logsIn = true;

    auto once = of(section, faults::htmlPage(401, "Unauthorized"), replied(200, 2), replied(200, 2));
    once.name = "page 401, once";
    once.times = 1;
    once.client.logsIn = true;

    std::string const throttled = "{at the token API}: too many logins (status 429), asks for a pause of {N} s";
    auto rejected = of(section, faults::json(401, R"({"error":"invalid_client"})"), replied(401, 2),
                       failed("CredentialsRejected",
                              "{at the token API}: invalid_client (check RUNAI_CLIENT_SECRET and RUNAI_CLIENT_ID)"));
    rejected.name = "status 401, invalid_client";
    rejected.client.logsIn = true;

    auto askedToPause = of(section, faults::unavailable(7s), replied(503),
                           failed("LoginUnavailable", trouble + "503), asks for a pause of 7 s"));
    askedToPause.limit = Limit::exchange; // the login's is over before the pause is
    return {
        loop,
        once,
        rejected,
        of(section, faults::htmlPage(403, "Forbidden"), replied(403),
           badLogin("{at the token API}: an HTML page answered (status 403, title 'Forbidden'). Is RUNAI_BASE_URL the "
                    "control plane's address?")),
        of(section, faults::tooManyRequests(7s), replied(429), failed("LoginThrottled", throttled)),
        of(section, faults::tooManyRequestsUntilDate(7s), replied(429), failed("LoginThrottled", throttled)),
        burst,
        unavailable(faults::status(500), 500),
        unavailable(faults::htmlPage(502, "Bad Gateway"), 502),
        unavailable(faults::status(503), 503),
        unavailable(faults::status(504), 504),
        askedToPause,
    };
}

std::vector<FaultRow> redirects() {
    std::string const section = "Redirects";
    std::string const path = Client().path;
    std::string const redirected = pagesAnswered("a redirect (status 307) to another path of the same origin");
    FaultRow notFollowed{.section = section,
                         .name = "a redirect, and none is followed",
                         .fault = faults::redirect(307, path),
                         .get = replied(307),
                         .login = badLogin(redirected, 2)};
    FaultRow loop = notFollowed;
    loop.name = "a redirect to itself";
    loop.client.followsRedirects = true;
    loop.get = withConnection(Connection::kept,
                              failed("RedirectError", "redirected in a circle, back to {request}: {request} (307)"));
    loop.login.reset(); // which follows none
    FaultRow const away{.section = section,
                        .name = "a redirect to another origin and back: it gets no token",
                        .client = {.path = "/away", .followsRedirects = true},
                        .get = replied(200, 2)};
    return {notFollowed, loop, away};
}

std::vector<FaultRow> uploads() {
    std::string const section = "An upload of 4 MB";
    Fault const early = faults::htmlPage(401, "Unauthorized") + faults::beforeTheBody();
    FaultRow always{.section = section,
                    .name = "an early 401, for ever",
                    .fault = early,
                    .client = {.uploadBytes = std::size_t{4} << 20, .logsIn = true},
                    .get = std::nullopt,
                    .post = withConnection(Connection::discarded, replied(401, 2))};
    FaultRow once = always;
    once.name = "an early 401, once";
    once.times = 1;
    once.post = replied(200, 2);
    FaultRow reset = once;
    reset.name = "an early 401 and a reset, once";
    reset.fault = early + faults::resetWhenIdle();
    return {once, always, reset};
}

std::vector<FaultRow> handshakes() {
    std::string const section = "TLS";
    auto const row = [&](std::string name, FaultServerOptions options, Outcome api, Outcome login) {
        return FaultRow{.section = section,
                        .name = std::move(name),
                        .server = std::move(options),
                        .over = Over::https,
                        .get = std::move(api),
                        .login = std::move(login)};
    };
    auto const refused = [&](std::string name, FaultServerOptions options, std::string const& text) {
        auto const refusal = failed("TlsError", "{request}: " + text + " {peer}", 0);
        return row(std::move(name), std::move(options), refusal, refusal);
    };
    auto const distrusted = [&](std::string name, FaultServerOptions options, std::string const& why,
                                std::string const& certificate, std::string const& remedy) {
        return refused(std::move(name), std::move(options),
                       why + "; certificate: " + certificate + "; trusted: the system's CAs and {ca_file}; " + remedy);
    };
    std::string const issued = "CN=localhost, issued by CN=Fault Server CA";
    std::string const elsewhere = "the certificate is for another host: it names another.example";
    std::string const elsewhereIssued = "CN=another.example, issued by CN=Fault Server CA";
    std::string const rename = "use one of these names in the URL, or give the server a certificate for this one";
    auto const tooSlow = [&](std::string name, FaultServerOptions options) {
        std::string const text =
            "{request} timed out after {T} s while shaking hands over TLS (limit of a TLS handshake "
            "{limit}, connected to {address})";
        auto slow = row(std::move(name), std::move(options), failed("TimedOut", text, 0),
                        failed("LoginUnreachable", text + "{again}", 0));
        slow.limit = Limit::tls;
        return slow;
    };
    auto slow = row("a slow handshake", {.handshakeDelay = 50ms}, replied(), replied());
    return {
        slow,
        tooSlow("a handshake that is too slow", {.handshakeDelay = 60s}),
        tooSlow("a handshake that is never answered", {.answersHandshake = false}),
        distrusted("a certificate for another host", {.certificate = Certificate::wrongHost}, elsewhere,
                   elsewhereIssued, rename),
        distrusted("the same after a slow handshake", {.certificate = Certificate::wrongHost, .handshakeDelay = 50ms},
                   elsewhere, elsewhereIssued, rename),
        distrusted("an expired certificate", {.certificate = Certificate::expired},
                   "the certificate has expired, on {DATE}", issued, "renew it on the server"),
        distrusted("a certificate that is not valid yet", {.certificate = Certificate::notYetValid},
                   "the certificate is valid from {DATE} on only", issued, "check the clocks of both machines"),
        distrusted("a self-signed certificate", {.certificate = Certificate::selfSigned},
                   "the certificate is self-signed and not among the trusted ones",
                   "CN=localhost, issued by CN=localhost", "set ca_file to the certificate itself"),
        distrusted("a certificate of an unknown CA", {.certificate = Certificate::unknownCa},
                   "the certificate's issuer is unknown", "CN=localhost, issued by CN=Unknown CA",
                   "set ca_file to the PEM file of the CA that issued it"),
        refused("TLS 1.1 only", {.onlyTls11 = true},
                "the server speaks no TLS version from 1.2 on, or from tls_min_version on (alert: protocol version); "
                "enable TLS 1.2 or 1.3 there"),
        refused("plain HTTP on the port", {.speaksTls = false},
                "the server does not speak TLS on this port; use http://, or the port that has TLS"),
    };
}

std::vector<FaultRow> doors() {
    std::string const section = "Reaching the server";
    std::string const waiting = timedOut("waiting for the reply");
    FaultRow refused{.section = section,
                     .name = "connections are refused",
                     .server = {.door = Door::refused},
                     .get = failed("ConnectFailed", "{request}: cannot connect: {address}: Connection refused", 0),
                     .login = failed("LoginUnreachable",
                                     "{request}: cannot connect: {address}: Connection refused (after 4 attempts)", 0)};
    FaultRow blackhole{
        .section = section,
        .name = "nobody answers",
        .server = {.door = Door::blackhole},
        .limit = Limit::connect,
        .get = failed("ConnectFailed", "{request}: cannot connect: {address}: no answer within {limit}", 0),
        .login = failed("LoginUnreachable",
                        "{request}: cannot connect: {address}: no answer within {limit} (after 4 attempts)", 0)};
    FaultRow full{.section = section,
                  .name = "one connection at a time, the next one waits",
                  .server = {.mostConnections = 1},
                  .client = {.anotherConnects = true},
                  .over = Over::http,
                  .limit = Limit::exchange,
                  .get = failed("TimedOut", waiting, 0),
                  .login = loginTimedOut(waiting, 0)};
    FaultRow fullTls = full;
    fullTls.over = Over::https;
    fullTls.limit = Limit::tls;
    fullTls.get->text =
        "{request} timed out after {T} s while shaking hands over TLS (limit of a TLS handshake {limit}, connected to "
        "{address})";
    fullTls.login->text = fullTls.get->text + "{again}";
    FaultRow closed = full;
    closed.limit = Limit::none;
    closed.name = "one connection at a time, the next one is closed";
    closed.server.closesSurplusOnes = true;
    closed.get = failed("ConnectionLost", server("closed the connection before a byte of the reply came{unsafe}"), 0);
    closed.login = unreachable(closed.get->text);
    closed.login->requests = 0;
    FaultRow closedTls = closed;
    closedTls.over = Over::https;
    closedTls.get->text = server("closed the connection during the TLS handshake");
    closedTls.login->text = closedTls.get->text + " (after 4 attempts)";
    return {refused, blackhole, full, fullTls, closed, closedTls};
}

std::vector<FaultRow> names() {
    std::string const section = "Names";
    FaultRow unknown{
        .section = section,
        .name = "an unknown name",
        .client = {.name = Name::unknown},
        .get = failed("NameNotResolved",
                      "{request}: the name {host} cannot be resolved: Name or service not known; check its "
                      "spelling, and this machine's name service",
                      0),
        .login = std::nullopt};
    unknown.login = unreachable(unknown.get->text);
    unknown.login->requests = 0;
    std::string const resolving = "{request} timed out after {T} s while resolving the name (limit {limit})";
    FaultRow const never{.section = section,
                         .name = "a name server that never answers",
                         .client = {.name = Name::neverResolved},
                         .limit = Limit::exchange,
                         .get = failed("TimedOut", resolving, 0),
                         .login = loginTimedOut(resolving, 0)};
    FaultRow const oneDead{.section = section,
                           .name = "two addresses, the first one dead",
                           .client = {.name = Name::firstAddressDead},
                           .get = replied(),
                           .login = replied()};
    return {unknown, never, oneDead};
}

std::vector<FaultRow> proxies() {
    std::string const section = "The proxy";
    auto const row = [&](std::string name, Fault const& fault, Over over, Outcome api, Outcome login) {
        return FaultRow{.section = section,
                        .name = std::move(name),
                        .fault = fault,
                        .client = {.proxy = true},
                        .over = over,
                        .get = std::move(api),
                        .login = std::move(login)};
    };
    auto const refuses = [&](int status, Over over, std::string const& asked, std::string const& remedy) {
        Outcome const refusal = failed("ProxyRefused", "{request}: the proxy {proxy} answered " +
                                                           std::to_string(status) + " to " + asked + "; " + remedy);
        return row("answers " + std::to_string(status), faults::status(status), over, refusal, refusal);
    };
    std::string const wanted = "it wants credentials: set proxy_url to http://user:password@host:port";
    auto const well = [&](Fault const& fault, Over over) {
        // Over HTTPS each connection begins with a request for a tunnel; login and call have one each.
        bool const tunnel = over == Over::https;
        return row(fault.name(), fault, over, replied(200, tunnel ? 2 : 1), replied(200, tunnel ? 3 : 1));
    };
    auto forbidden = row("answers 403", faults::status(403), Over::http, replied(403),
                         badLogin("{at the token API}: the reply (status 403) is empty. Is RUNAI_BASE_URL the control "
                                  "plane's address?"));
    auto trouble = refuses(502, Over::https, "CONNECT {host}:443", "it cannot reach the target");
    trouble.login = unreachable(trouble.get->text);
    std::string const silence =
        "{request} timed out after {T} s while asking the proxy for a tunnel (limit {limit}, connected "
        "to {address}, the proxy {proxy})";
    auto silent =
        row("never answers", faults::silence(), Over::https, failed("TimedOut", silence), loginTimedOut(silence));
    silent.limit = Limit::exchange;
    return {
        well(faults::none(), Over::http),
        well(faults::none(), Over::https),
        well(faults::latency(50ms), Over::http),
        well(faults::latency(50ms), Over::https),
        refuses(407, Over::http, "{method} http://{host}", wanted),
        refuses(407, Over::https, "CONNECT {host}:443", wanted),
        forbidden,
        refuses(403, Over::https, "CONNECT {host}:443",
                "it does not allow this target: ask for it, or reach the target without a proxy"),
        trouble,
        silent,
    };
}

} // namespace

std::ostream& operator<<(std::ostream& stream, FaultRow const& row) {
    return stream << row.section << ": " << row.name;
}

std::vector<FaultRow> const& faultTable() {
    static std::vector<FaultRow> const table = [] {
        std::vector<FaultRow> all;
        for (auto* const section : {&time, &connections, &keptConnections, &messages, &encodings, &statuses, &redirects,
                                    &uploads, &handshakes, &doors, &names, &proxies}) {
            for (auto& row : section()) {
                all.push_back(std::move(row));
            }
        }
        return all;
    }();
    return table;
}

std::vector<FaultRow> faultsOver(FaultRow::Over scheme) {
    std::vector<FaultRow> rows;
    for (auto const& row : faultTable()) {
        if (row.over == Over::both || row.over == scheme) {
            rows.push_back(row);
        }
    }
    return rows;
}

} // namespace fault_tests
