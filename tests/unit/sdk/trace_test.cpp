#include "session_support.hpp"
#include "stderr_capture.hpp"
#include "trace/body_excerpt.hpp"
#include "trace/in_flight_slots.hpp"
#include "trace/trace_file.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace session_support;
using httptest::bodyExcerpt;
using httptest::InFlightSlot;

/// Logs in over the transport that the provider is given, with a secret in the request and another in the reply.
class LoginOverTransport final : public httptest::TokenSource {
public:
    explicit LoginOverTransport(std::shared_ptr<httptest::Transport> transport) : transport_(std::move(transport)) {}

    httptest::Token fetch(httptest::LoginContext const& context) override {
        httptest::Request request;
        request.method = "POST";
        request.url = httptest::Url::parse("https://api.test/token");
        request.body = R"({"client_id":"ci","client_secret":"hunter2-of-the-client"})";
        httptest::Response const response = transport_->send(request, context.deadline, context.stop);
        if (response.status != 200) {
            throw httptest::CredentialsRejected("could not log in as 'ci'");
        }
        httptest::Token token;
        token.accessToken = httptest::Secret(tokenOf(1));
        token.expiresIn = std::chrono::hours(1);
        return token;
    }

    std::string describe() const override { return "'ci' at https://api.test"; }

private:
    std::shared_ptr<httptest::Transport> const transport_;
};

class LoginFactory final : public httptest::ProviderFactory {
public:
    std::string name() const override { return "scripted"; }
    std::vector<httptest::SettingSpec> settings() const override { return {}; }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        return std::make_unique<httptest::BearerAuthProvider>(std::make_unique<LoginOverTransport>(context.transport),
                                                              context);
    }
};

class Traced : public HarnessOverScript {
public:
    Traced() { options.providers = {std::make_shared<LoginFactory>()}; }

    void traceAt(char const* level) {
        options.configuration->set("log", level).set("log_file", (folder.path() / "trace.log").string());
    }

    void answerLogin() { answer(200, R"({"accessToken":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJjaSJ9.c2lnbmF0dXJl"})"); }

    std::string trace() const {
        std::ifstream stream(httptest::traceFileName((folder.path() / "trace.log").string(), ::getpid()));
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    /// What every line begins with.
    std::string const prefix = "2026-01-01T09:30:00.000Z httptest[" + std::to_string(::getpid()) + "] ";

    httptest::testing::TemporaryFolder folder;
};

/// A trace as lines without time and process, each checked to have them.
std::vector<std::string> linesWithout(std::string const& prefix, std::string const& trace) {
    std::vector<std::string> lines;
    for (std::string_view rest = trace; !rest.empty();) {
        std::string_view const line = rest.substr(0, rest.find('\n'));
        BOOST_TEST(line.starts_with(prefix), line);
        lines.emplace_back(line.substr(std::min(prefix.size(), line.size())));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    return lines;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(trace, Traced)

BOOST_AUTO_TEST_CASE(off_is_the_default_and_writes_nothing) {
    answerLogin();
    answer(200);
    BOOST_TEST(writtenToStderr([&] { session().get("/x").send(); }).empty());
}

BOOST_AUTO_TEST_CASE(a_file_without_a_level_is_noticed_unless_the_trace_was_turned_off) {
    options.configuration->set("log_file", (folder.path() / "trace.log").string());
    BOOST_TEST(holds(writtenToStderr([&] { session(); }), "HTTPTEST_LOG"));
    endHarness();
    options.configuration->set("log", "off");
    BOOST_TEST(writtenToStderr([&] { session(); }).empty());
    BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(wire_shows_every_message_logins_included_without_secrets) {
    traceAt("wire");
    answerLogin();
    transport.reply(httptest::testing::reply(201, "text/plain", "first line\r\nsecond \x1b[31mline\n",
                                             {{"Set-Cookie", "sid=hunter2"}, {"X-Trace", "t1"}}));
    session()
        .post("/x?access_token=hunter2")
        .header("Cookie", "a=hunter2")
        .withoutHeader("X-Request-ID")
        .withoutHeader("User-Agent")
        .body("password=hunter2&x=y", "text/plain")
        .send();
    std::string const fingerprint = session().auth().fingerprint;
    std::vector<std::string> const expected = {
        "auth 'default' login started: 'ci' at https://api.test",
        "#1 > POST https://api.test/token to log in as 'default'",
        "#1 > ",
        R"(#1 > {"client_id":"ci","client_secret":"[redacted]"})",
        "#1 < 200 in 0.0 ms, 67 bytes",
        "#1 < Content-Type: application/json",
        "#1 < ",
        R"(#1 < {"accessToken":"[redacted]"})",
        "auth 'default' login succeeded, token " + fingerprint,
        "#2 > POST https://api.test/x?access_token=[redacted] as 'default'",
        "#2 > Accept: */*",
        "#2 > Cookie: [redacted]",
        "#2 > Content-Type: text/plain",
        "#2 > Authorization: [redacted]",
        "#2 > ",
        "#2 > password=[redacted]&x=y",
        "#2 < 201 in 0.0 ms, 29 bytes",
        "#2 < Set-Cookie: [redacted]",
        "#2 < X-Trace: t1",
        "#2 < Content-Type: text/plain",
        "#2 < ",
        "#2 < first line",
        "#2 < second \\x1B[31mline",
        "#2 < ",
    };
    std::vector<std::string> lines = linesWithout(prefix, trace());
    BOOST_REQUIRE(lines.size() > 8U);
    BOOST_TEST(lines[8].starts_with(expected[8]));
    lines[8] = expected[8];
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
    for (std::string const& secret : {std::string("hunter2"), tokenOf(1), std::string("c2lnbmF0dXJl")}) {
        BOOST_TEST(!holds(trace(), secret), trace());
    }
}

BOOST_AUTO_TEST_CASE(info_is_a_line_for_each_exchange_and_event) {
    traceAt("info");
    answerLogin();
    answer(401);
    answerLogin();
    answer(200, "{}");
    session().get("/x").send();
    std::vector<std::string> const begins = {
        "auth 'default' login started", "#1 POST https://api.test/token to log in as 'default' -> 200",
        "auth 'default' login succeeded", "#2 GET https://api.test/x as 'default' -> 401",
        "auth 'default' token refused"};
    std::vector<std::string> const lines = linesWithout(prefix, trace());
    BOOST_REQUIRE(lines.size() >= begins.size());
    for (std::size_t i = 0; i < begins.size(); ++i) {
        BOOST_TEST(lines[i].starts_with(begins[i]), lines[i]);
    }
    BOOST_TEST(!holds(trace(), "Content-Type"));
}

BOOST_AUTO_TEST_CASE(error_is_what_failed_and_nothing_else) {
    traceAt("error");
    answerLogin();
    answer(500);
    session().get("/x").send();
    BOOST_TEST(trace().empty());
    transport.fail<httptest::ConnectFailed>(httptest::Phase::connect, "refused, token=hunter2-token");
    BOOST_CHECK_THROW(session().get("/y").send(), httptest::ConnectFailed);
    std::vector<std::string> const lines = linesWithout(prefix, trace());
    BOOST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(lines[0] == "#3 GET https://api.test/y as 'default' FAILED after 0.0 ms: refused, token=[redacted]");
}

BOOST_AUTO_TEST_CASE(a_failed_login_is_an_error) {
    traceAt("error");
    answer(401);
    BOOST_CHECK_THROW(session().get("/x").send(), httptest::CredentialsRejected);
    BOOST_TEST(holds(trace(), "auth 'default' LOGIN FAILED: could not log in as 'ci'"), trace());
}

BOOST_AUTO_TEST_CASE(a_suites_own_listener_hears_of_events_too) {
    traceAt("info");
    int heard = 0;
    options.events = [&](httptest::AuthEvent const&) { ++heard; };
    answerLogin();
    answer(200);
    session().get("/x").send();
    BOOST_TEST(heard == 2);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_an_error_of_the_configuration) {
    options.configuration->set("log", "info").set("log_file", (folder.path() / "missing" / "x.log").string());
    BOOST_CHECK_EXCEPTION(session(), httptest::Misconfigured,
                          [](auto const& error) { return holds(error.what(), "log_file: cannot open '"); });
}

BOOST_AUTO_TEST_CASE(long_bodies_are_cut_after_they_are_redacted) {
    httptest::Secret const secret("hunter2-hunter2-hunter2");
    for (std::size_t before = 1970; before < 2010; ++before) {
        std::string const text = bodyExcerpt({}, std::string(before, 'b') + "hunter2-hunter2-hunter2 rest");
        BOOST_TEST(!holds(text, "hunter"));
    }
    std::string const text = bodyExcerpt({}, std::string(1'000'000, 'b') + " end");
    BOOST_TEST(text.size() < 2100U);
    BOOST_TEST(holds(text, "(1000004 bytes in all)"));
    BOOST_TEST(bodyExcerpt({}, "short") == "short");
    BOOST_TEST(bodyExcerpt({}, "").empty());
}

BOOST_AUTO_TEST_CASE(of_an_encoded_body_only_the_size_is_shown) {
    BOOST_TEST(bodyExcerpt({{"Content-Encoding", "gzip"}}, "\x1f\x8b...") == "encoded as gzip (5 bytes in all)");
    BOOST_TEST(bodyExcerpt({{"content-encoding", "Identity"}}, "plain") == "plain");
    BOOST_TEST(bodyExcerpt({{"Content-Encoding", "gzip"}}, "").empty());
}

BOOST_AUTO_TEST_CASE(a_slot_gives_its_text_while_it_is_taken) {
    InFlightSlot slot;
    std::array<char, 600> buffer{};
    BOOST_TEST(slot.copy(buffer.data(), buffer.size()) == 0U);
    BOOST_TEST(slot.take("GET /x"));
    BOOST_TEST(!slot.take("GET /y"));
    BOOST_TEST(std::string(buffer.data(), slot.copy(buffer.data(), buffer.size())) == "GET /x");
    BOOST_TEST(std::string(buffer.data(), slot.copy(buffer.data(), 3)) == "GET");
    slot.release();
    BOOST_TEST(slot.copy(buffer.data(), buffer.size()) == 0U);
    BOOST_TEST(slot.take(std::string(10'000, 'x')));
    BOOST_TEST(slot.copy(buffer.data(), buffer.size()) == 480U);
}

BOOST_AUTO_TEST_CASE(a_slot_never_gives_a_mixed_text) {
    InFlightSlot slot;
    std::atomic<bool> done{false};
    std::jthread const writer([&] {
        for (int turn = 0; turn < 20'000; ++turn) {
            slot.take(std::string(static_cast<std::size_t>(turn % 400) + 1, static_cast<char>('a' + turn % 26)));
            slot.release();
        }
        done = true;
    });
    std::array<char, 600> buffer{};
    while (!done) {
        std::string const text(buffer.data(), slot.copy(buffer.data(), buffer.size()));
        BOOST_REQUIRE(text.find_first_not_of(text.substr(0, 1)) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
