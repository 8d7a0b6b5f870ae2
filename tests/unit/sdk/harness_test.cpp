#include "session_support.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

namespace {

using namespace session_support;
using httptest::Configuration;
using httptest::Misconfigured;
using httptest::testing::TemporaryFolder;

std::string refusalOf(httptest::HarnessOptions const& options) {
    try {
        httptest::Harness const harness(options);
    } catch (Misconfigured const& error) {
        return error.what();
    }
    return {};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(harness, HarnessOverScript)

BOOST_AUTO_TEST_CASE(nothing_logs_in_before_a_request_needs_it) {
    harness().session();
    BOOST_TEST(script->logins == 0);
    BOOST_TEST(harness().auth().state == "empty");
    BOOST_TEST(harness().auth().provider == "scripted");
}

BOOST_AUTO_TEST_CASE(its_end_cancels_requests_under_way_and_later_ones_fail) {
    auto const session = this->session();
    transport.hold();
    answer(200);
    bool cancelled = false;
    {
        std::jthread const request([&] {
            try {
                session.get("/x").send();
            } catch (httptest::Cancelled const&) {
                cancelled = true;
            }
        });
        transport.waitForHeld(1);
        endHarness();
    }
    BOOST_TEST(cancelled);
    BOOST_CHECK_THROW(session.get("/x").send(), httptest::Cancelled);
    BOOST_TEST(session.auth().state.empty());
}

BOOST_AUTO_TEST_CASE(its_end_does_not_wait_for_a_login_that_can_be_cancelled) {
    auto const session = this->session();
    script->onLogin = [](int) { throw httptest::LoginUnavailable("down"); }; // a pause follows, on the fake clock
    bool ended = false;
    {
        std::jthread const request([&] {
            try {
                session.get("/x").send();
            } catch (httptest::Error const&) {
                ended = true;
            }
        });
        script->clock->waitForSleepers(1);
        endHarness();
    }
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(settings_in_error_are_refused_when_it_is_made) {
    BOOST_TEST(refusalOf(options).empty());
    auto const with = [&](std::function<void(Configuration&)> const& change) {
        httptest::HarnessOptions changed = options;
        change(*changed.configuration);
        return refusalOf(changed);
    };
    BOOST_TEST(holds(with([](auto& c) { c = Configuration(); }), "SCRIPTED_BASE_URL"));
    BOOST_TEST(holds(with([](auto& c) { c.set("scripted.base_ulr", "x"); }), "did you mean 'scripted.base_url'?"));
    BOOST_TEST(holds(with([](auto& c) { c.set("request_timeout", "1"); }), "did you mean 'request_timeout_ms'?"));
    BOOST_TEST(holds(with([](auto& c) { c.set("scripted.base_url", "https://h/?q"); }), "has a query"));
    BOOST_TEST(
        holds(with([](auto& c) { c.set("scripted.token_origins", "https://h/path"); }), "an origin has no path"));
    BOOST_TEST(
        holds(with([](auto& c) { c.set("scripted.token_origins", "https://h,evil"); }), "scripted.token_origins"));
    BOOST_TEST(holds(with([](auto& c) { c.set("request_timeout_ms", "0"); }), "out of range"));
    BOOST_TEST(holds(with([](auto& c) { c.set("provider", "another"); }), "no auth provider 'another'"));
}

BOOST_AUTO_TEST_CASE(a_provider_registered_in_code_is_used_unless_another_is_named) {
    answer(200);
    BOOST_TEST(session().get("/x").send().attachment().attached());
    BOOST_TEST(harness().auth().provider == "scripted");
}

BOOST_AUTO_TEST_CASE(a_file_names_plugin_folders_only_while_nobody_else_can_write_it) {
    TemporaryFolder const folder;
    auto const file = folder.write("x.conf", "plugin_path = /somewhere\nscripted.base_url = https://api.test\n");
    options.configuration = Configuration::fromEnvironment({{"HTTPTEST_CONFIG", file.string()}});
    BOOST_TEST(refusalOf(options).empty());
    for (auto const others : {std::filesystem::perms::group_write, std::filesystem::perms::others_write}) {
        std::filesystem::permissions(file, std::filesystem::perms::owner_read | others);
        BOOST_TEST(holds(refusalOf(options), "HTTPTEST_PLUGIN_PATH"));
    }
    options.configuration->set("plugin_path", "/from/code");
    BOOST_TEST(refusalOf(options).empty());
}

BOOST_AUTO_TEST_CASE(unverified_tls_is_said_in_every_report) {
    options.configuration->set("scripted.insecure_skip_verify", "true");
    transport.otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    BOOST_TEST(holds(session().get("/x").send().text(), "TLS IS NOT VERIFIED"));
    BOOST_TEST(holds(session().get("/x").anonymous().send().text(), "TLS IS NOT VERIFIED"));
}

BOOST_AUTO_TEST_CASE(a_summary_is_one_line_of_counters) {
    TemporaryFolder const folder;
    options.configuration->set("summary_file", (folder.path() / "summary").string());
    answer(401);
    answer(200);
    session().get("/x").send();
    endHarness();
    std::ifstream stream(folder.path() / "summary");
    std::string const text{std::istreambuf_iterator<char>(stream), {}};
    BOOST_TEST(holds(text, R"("requests":1,"attempts":2,"logins":2)"), text);
    BOOST_TEST(text.find('\n') == text.size() - 1);
}

BOOST_AUTO_TEST_SUITE_END()
