#include "session_support.hpp"
#include "stderr_capture.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
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

std::string harnessRefusal(httptest::HarnessOptions const& options) {
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
    BOOST_TEST(harnessRefusal(options).empty());
    auto const with = [&](std::function<void(Configuration&)> const& change) {
        httptest::HarnessOptions changed = options;
        change(*changed.configuration);
        return harnessRefusal(changed);
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

BOOST_AUTO_TEST_CASE(a_slip_in_the_providers_key_is_no_missing_plugin) {
    options.configuration->set("providr", "runai");
    BOOST_TEST(holds(harnessRefusal(options), "unknown setting 'providr' set in code; did you mean 'provider'?"));
}

BOOST_AUTO_TEST_CASE(sections_of_other_providers_that_are_there_are_left_alone_and_others_refused) {
    httptest::HarnessOptions two = options;
    two.configuration->set("provider", "scripted").set("elsewhere.anything", "x");
    BOOST_TEST(holds(harnessRefusal(two), "unknown setting 'elsewhere.anything'"));
    struct Elsewhere final : httptest::ProviderFactory {
        std::string name() const override { return "elsewhere"; }
        std::vector<httptest::SettingSpec> settings() const override { return {}; }
        std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const&) const override {
            return nullptr;
        }
    };
    two.providers.push_back(std::make_shared<Elsewhere>());
    BOOST_TEST(harnessRefusal(two).empty());
    options.configuration->set("good_example.x", "y").set("plugin_path", HTTPTEST_TEST_PLUGINS);
    BOOST_TEST(harnessRefusal(options).empty()); // its library is there, and is not loaded for this
}

BOOST_AUTO_TEST_CASE(unknown_keys_may_be_notices_once_each) {
    options.configuration->set("scripted.base_ulr", "secret-text-of-a-slip").set("unknown_keys", "warn");
    std::string const written = writtenToStderr([&] {
        BOOST_TEST(harnessRefusal(options).empty());
        BOOST_TEST(harnessRefusal(options).empty());
    });
    std::string const notice =
        "httptest: unknown setting 'scripted.base_ulr' set in code; did you mean 'scripted.base_url'?\n";
    BOOST_TEST(written == notice);
}

BOOST_AUTO_TEST_CASE(variables_that_are_nearly_settings_are_noticed_once_by_name) {
    Configuration::Environment environment{{"SCRIPTED_BASE_URL", "https://api.test"}};
    for (char const* name : {"SCRIPTED_BASEURL", "HTTPTEST_PROVIDR", "HTTPTEST_CONFG", "SCRIPTED_CLI_CONFIG_PATH",
                             "SCRIPTED_JOB_NAME", "HTTPTEST_BUILD_TESTS", "HTTPTEST_STATE_DIR", "OTHER_BASE_ULR"}) {
        environment[name] = "value-of-a-near-miss";
    }
    options.configuration = Configuration::fromEnvironment(environment);
    std::string const written = writtenToStderr([&] {
        BOOST_TEST(harnessRefusal(options).empty());
        BOOST_TEST(harnessRefusal(options).empty());
    });
    BOOST_TEST(std::count(written.begin(), written.end(), '\n') == 3, written);
    BOOST_TEST(holds(written, "SCRIPTED_BASEURL is not a setting and is ignored; did you mean SCRIPTED_BASE_URL?"));
    BOOST_TEST(holds(written, "HTTPTEST_PROVIDR is not a setting and is ignored; did you mean HTTPTEST_PROVIDER?"));
    BOOST_TEST(holds(written, "did you mean HTTPTEST_CONFIG?"));
    BOOST_TEST(!holds(written, "value-of"));
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
    BOOST_TEST(harnessRefusal(options).empty());
    for (auto const others : {std::filesystem::perms::group_write, std::filesystem::perms::others_write}) {
        std::filesystem::permissions(file, std::filesystem::perms::owner_read | others);
        BOOST_TEST(holds(harnessRefusal(options), "HTTPTEST_PLUGIN_PATH"));
    }
    options.configuration->set("plugin_path", "/from/code");
    BOOST_TEST(harnessRefusal(options).empty());
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

BOOST_AUTO_TEST_CASE(a_summary_that_cannot_be_written_is_told_and_fails_nothing) {
    TemporaryFolder const folder;
    std::string const file = (folder.path() / "missing" / "summary").string();
    options.configuration->set("summary_file", file);
    harness();
    BOOST_TEST(writtenToStderr([&] { endHarness(); }) ==
               "httptest: cannot write summary_file '" + file + "': No such file or directory\n");
}

BOOST_AUTO_TEST_SUITE_END()
