#include "session_support.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <atomic>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace session_support;
using httptest::Configuration;
using httptest::Misconfigured;
using httptest::testing::TemporaryFolder;

/// A token names its client: "token-of-<client id>-<number of the login>".
class NamedSource final : public httptest::TokenSource {
public:
    explicit NamedSource(std::string id) : id_(std::move(id)) {}

    httptest::Token fetch(httptest::LoginContext const& context) override {
        httptest::Request request;
        request.method = "POST";
        request.url = httptest::Url::parse("https://login.test/" + id_);
        context.transport.send(request, context.deadline, context.stop);
        httptest::Token token;
        token.accessToken = httptest::Secret("token-of-" + id_ + "-" + std::to_string(++logins_));
        token.expiresIn = std::chrono::seconds(3600);
        return token;
    }

    std::string describe() const override { return "'" + id_ + "'"; }

private:
    std::string id_;
    int logins_ = 0;
};

class NamedFactory final : public httptest::ProviderFactory {
public:
    std::string name() const override { return "named"; }

    std::vector<httptest::SettingSpec> settings() const override {
        return {{.key = "client_id", .credential = true},
                {.key = "client_secret", .kind = httptest::SettingKind::secret, .credential = true},
                {.key = "realm", .defaultValue = "none"}};
    }

    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        ++made;
        context.settings.secret("client_secret");
        return std::make_unique<httptest::BearerAuthProvider>(
            std::make_unique<NamedSource>(context.settings.text("client_id")), context);
    }

    mutable std::atomic<int> made = 0;
};

struct Named {
    std::shared_ptr<httptest::testing::FakeClock> clock = std::make_shared<httptest::testing::FakeClock>();
    std::shared_ptr<httptest::testing::ScriptedTransport> transport =
        std::make_shared<httptest::testing::ScriptedTransport>(clock);
    std::shared_ptr<NamedFactory> factory = std::make_shared<NamedFactory>();
    Configuration::Environment environment{{"NAMED_BASE_URL", "https://api.test"},
                                           {"NAMED_CLIENT_ID", "admin"},
                                           {"NAMED_CLIENT_SECRET", "admin-secret-text"},
                                           {"NAMED_RESEARCHER_CLIENT_ID", "ada"},
                                           {"NAMED_RESEARCHER_CLIENT_SECRET", "ada-secret-text"}};

    Named() {
        transport->otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    }

    httptest::HarnessOptions options() const {
        httptest::HarnessOptions options;
        options.configuration = Configuration::fromEnvironment(environment);
        options.providers = {factory};
        options.transport = transport;
        options.clock = clock;
        return options;
    }

    std::string lastAuthorization() const {
        httptest::Request const last = transport->requests().back();
        std::string const* const value = last.headers.find("Authorization");
        return value != nullptr ? *value : "";
    }
};

/// Fails in the way that it is told.
class FailingFactory final : public httptest::ProviderFactory {
public:
    using Create = std::function<std::unique_ptr<httptest::AuthProvider>()>;
    explicit FailingFactory(Create create) : create_(std::move(create)) {}

    std::string name() const override { return "failing"; }
    std::vector<httptest::SettingSpec> settings() const override { return {}; }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const&) const override {
        return create_();
    }

private:
    Create create_;
};

/// What a harness says of a factory that was registered in code.
std::string failureOf(FailingFactory::Create create) {
    httptest::HarnessOptions options;
    options.configuration = Configuration().set("failing.base_url", "https://api.test");
    options.providers = {std::make_shared<FailingFactory>(std::move(create))};
    try {
        httptest::Harness const harness(options);
    } catch (httptest::PluginError const& error) {
        return error.what();
    }
    return {};
}

std::string misconfiguration(std::function<void()> const& action) {
    try {
        action();
    } catch (Misconfigured const& error) {
        return error.what();
    }
    return {};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(identities, Named)

BOOST_AUTO_TEST_CASE(a_factory_that_fails_in_any_way_is_an_error_that_names_its_provider) {
    BOOST_TEST(failureOf([]() -> std::unique_ptr<httptest::AuthProvider> { throw std::runtime_error("no realm"); }) ==
               "auth provider 'failing' could not be made: no realm");
    BOOST_TEST(failureOf([]() -> std::unique_ptr<httptest::AuthProvider> { throw 17; }) ==
               "auth provider 'failing' threw something that is no std::exception");
    BOOST_TEST(failureOf([] { return nullptr; }) ==
               "auth provider 'failing' made no provider (its factory returned null)");
}

BOOST_AUTO_TEST_CASE(those_of_the_configuration_and_of_the_run_are_listed) {
    httptest::Harness const harness(options());
    harness.identity("late", {"late-client", httptest::Secret("late-secret-text")});
    std::vector<std::string> const names = harness.identities();
    std::vector<std::string> const expected = {"default", "researcher", "late"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_has_credentials_token_and_counters_of_its_own) {
    httptest::Harness const harness(options());
    for (int i = 0; i < 2; ++i) {
        harness.session().get("/x").send();
        BOOST_TEST(lastAuthorization() == "Bearer token-of-admin-1");
        harness.session("researcher").get("/x").send();
        BOOST_TEST(lastAuthorization() == "Bearer token-of-ada-1");
    }
    harness.session().get("/x").identity("researcher").send();
    BOOST_TEST(lastAuthorization() == "Bearer token-of-ada-1");
    BOOST_TEST(harness.counters().requests == 5U);
    BOOST_TEST(harness.counters("researcher").requests == 3U);
    BOOST_TEST(harness.auth("researcher").identity == "researcher");
    BOOST_TEST(harness.auth("researcher").counters.logins == 1U);
    BOOST_TEST(harness.auth().identity == "default");
    BOOST_TEST(factory->made == 2);
}

BOOST_AUTO_TEST_CASE(providers_are_made_when_first_asked_for_and_once_for_all_threads) {
    httptest::Harness const harness(options());
    BOOST_TEST(factory->made == 1);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] { harness.session("researcher").get("/x").send(); });
        }
    }
    BOOST_TEST(factory->made == 2);
    BOOST_TEST(harness.auth("researcher").counters.logins == 1U);
}

BOOST_AUTO_TEST_CASE(an_unknown_one_is_an_error_that_lists_the_known_and_names_the_nearest) {
    httptest::Harness const harness(options());
    std::string const text = misconfiguration([&] { harness.session("reseacher"); });
    BOOST_TEST(holds(text, "no identity 'reseacher'; known are: default, researcher; did you mean 'researcher'?"),
               text);
    BOOST_TEST(holds(text, "NAMED_<IDENTITY>_"), text);
    BOOST_TEST(
        holds(misconfiguration([&] { harness.session().get("/x").identity("zzz").send(); }), "no identity 'zzz'"));
    BOOST_TEST(holds(misconfiguration([&] { harness.auth("zzz"); }), "no identity 'zzz'"));
    BOOST_TEST(transport->requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(half_of_the_credentials_is_never_made_whole_by_the_defaults) {
    environment.erase("NAMED_RESEARCHER_CLIENT_SECRET");
    httptest::Harness const harness(options());
    std::string const text = misconfiguration([&] { harness.session("researcher"); });
    BOOST_TEST(holds(text, "NAMED_RESEARCHER_CLIENT_SECRET"), text);
    BOOST_TEST(holds(text, "'identity.researcher.client_secret'"), text);
    BOOST_TEST(transport->requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(what_one_does_not_set_comes_from_the_section_except_credentials_and_split_groups) {
    std::vector<httptest::SettingSpec> specs = factory->settings();
    for (auto const& spec : httptest::Harness::connectionSettingSpecs()) {
        specs.push_back(spec);
    }
    TemporaryFolder const folder;
    environment["HTTPTEST_CONFIG"] = folder
                                         .write("x.json", R"({
        "named": {"realm": "theirs", "client_certificate_file": "/all.pem", "client_key_file": "/all.key"},
        "identity": {"team-lead": {"client_id": "tim", "realm": "own", "client_certificate_file": "/tim.pem"},
                     "watcher": {"base_url": "https://other.test"}}})")
                                         .string();
    Configuration const configuration = Configuration::fromEnvironment(environment);
    configuration.refuseUnknownKeys({{"named", specs}});
    auto const researcher = configuration.resolve("named", specs, "researcher");
    BOOST_TEST(researcher.text("realm") == "theirs");
    BOOST_TEST(researcher.text("client_id") == "ada");
    BOOST_TEST(researcher.text("client_key_file") == "/all.key");
    BOOST_TEST(researcher.text("base_url") == "https://api.test");
    auto const lead = configuration.resolve("named", specs, "team-lead");
    BOOST_TEST(lead.text("realm") == "own");
    BOOST_TEST(holds(lead.where("realm"), "key 'identity.team-lead.realm' of "));
    BOOST_TEST(!lead.has("client_secret"));
    BOOST_TEST(lead.text("client_certificate_file") == "/tim.pem");
    BOOST_TEST(!lead.has("client_key_file"));
    auto const watcher = configuration.resolve("named", specs, "watcher");
    BOOST_TEST(!watcher.has("client_id"));
    BOOST_TEST(watcher.text("base_url") == "https://other.test");
    std::vector<std::string> const expected{"researcher", "team-lead", "watcher"};
    BOOST_TEST(configuration.identities("named", specs) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(variables_name_identities_by_their_credentials_alone) {
    auto const found = [&](Configuration::Environment const& more) {
        std::string names;
        for (auto const& name : Configuration::fromEnvironment(more).identities("named", factory->settings())) {
            names.append(name).append(" ");
        }
        return names;
    };
    BOOST_TEST(found({{"NAMED_A_CLIENT_SECRET_FILE", "/x"}, {"NAMED_TEAM_LEAD_CLIENT_ID", "x"}}) == "a team_lead ");
    BOOST_TEST(found({{"NAMED_CLIENT_ID", "x"}, {"NAMED_CLIENT_SECRET_FILE", "x"}, {"NAMED_X_REALM", "x"}}) == "");
    BOOST_TEST(found({{"NAMED__CLIENT_ID", "x"}, {"NAMED_1_CLIENT_ID", "x"}, {"OTHER_A_CLIENT_ID", "x"}}) == "");
}

BOOST_AUTO_TEST_CASE(names_that_differ_in_dash_and_underscore_are_one) {
    environment["NAMED_TEAM_LEAD_CLIENT_ID"] = "tim";
    environment["NAMED_TEAM_LEAD_CLIENT_SECRET"] = "tim-secret-text";
    httptest::Harness const harness(options());
    harness.session("team-lead").get("/x").send();
    harness.session("team_lead").get("/x").send();
    BOOST_TEST(harness.auth("team-lead").counters.logins == 1U);
    auto const both = Configuration().set("identity.a-b.client_id", "x").set("identity.a_b.client_id", "x");
    BOOST_TEST(
        holds(misconfiguration([&] { both.identities("named", factory->settings()); }), "share their variables"));
}

BOOST_AUTO_TEST_CASE(keys_of_identities_are_checked_like_all_others) {
    auto const with = [&](std::string const& key) {
        return misconfiguration([&] {
            Configuration().set(key, "x").refuseUnknownKeys({{"named", factory->settings()}});
        });
    };
    BOOST_TEST(with("identity.a.client_id").empty());
    BOOST_TEST(with("identity.a.client_secret_file").empty());
    BOOST_TEST(holds(with("identity.a.clientid"), "did you mean 'identity.a.client_id'?"));
    BOOST_TEST(holds(with("identity.client_id"), "unknown setting 'identity.client_id'"));
    BOOST_TEST(holds(with("identity.a.b.client_id"), "unknown setting"));
    for (char const* name : {"A", "1a", "-a", "ä", "default", "a b"}) {
        BOOST_TEST(holds(with("identity." + std::string(name) + ".client_id"), "is no name for an identity"), name);
    }
}

BOOST_AUTO_TEST_CASE(named_ones_may_be_all_that_is_configured) {
    environment.erase("NAMED_CLIENT_ID");
    environment.erase("NAMED_CLIENT_SECRET");
    httptest::Harness const harness(options());
    harness.session("researcher").get("/x").send();
    BOOST_TEST(lastAuthorization() == "Bearer token-of-ada-1");
    BOOST_TEST(holds(misconfiguration([&] { harness.session(); }), "NAMED_CLIENT_SECRET"));
}

BOOST_AUTO_TEST_CASE(one_is_made_and_removed_at_run_time) {
    httptest::Harness const harness(options());
    httptest::Session const fresh =
        harness.identity("new-sa", {"made-by-a-test", httptest::Secret("secret-of-the-new-one")});
    fresh.get("/x").send();
    BOOST_TEST(lastAuthorization() == "Bearer token-of-made-by-a-test-1");
    harness.session("new-sa").get("/x").send();
    BOOST_TEST(harness.auth("new-sa").counters.logins == 1U);
    BOOST_TEST(holds(misconfiguration([&] { harness.identity("new-sa", {"x", httptest::Secret("y")}); }), "already"));
    BOOST_TEST(holds(misconfiguration([&] { harness.identity("default", {"x", httptest::Secret("y")}); }), "already"));
    BOOST_TEST(holds(misconfiguration([&] { harness.identityWith("other", {{"clientid", "x"}}); }), "did you mean"));
    BOOST_TEST(holds(misconfiguration([&] { harness.identityWith("No Name", {}); }), "is no name"));

    harness.removeIdentity("new-sa");
    BOOST_CHECK_EXCEPTION(fresh.get("/x").send(), httptest::Cancelled, [](auto const& error) {
        return holds(error.what(), "the identity 'new-sa' has been removed");
    });
    BOOST_TEST(holds(misconfiguration([&] { harness.session("new-sa"); }), "no identity 'new-sa'"));
    BOOST_TEST(holds(misconfiguration([&] { harness.removeIdentity("researcher"); }), "is configured"));
    BOOST_TEST(holds(misconfiguration([&] { harness.removeIdentity("zzz"); }), "no identity 'zzz'"));
    BOOST_TEST(harness.counters().requests == 2U);

    harness.identity("new-sa", {"another", httptest::Secret("secret-of-another")}).get("/x").send();
    BOOST_TEST(lastAuthorization() == "Bearer token-of-another-1");
}

BOOST_AUTO_TEST_CASE(removal_cancels_its_login_and_its_requests_alone) {
    httptest::Harness const harness(options());
    httptest::Session const fresh = harness.identity("sa", {"sa", httptest::Secret("secret-of-the-sa")});
    transport->hold();
    bool cancelled = false;
    std::jthread theirs([&] {
        try {
            fresh.get("/x").send();
        } catch (httptest::Cancelled const&) {
            cancelled = true;
        }
    });
    std::jthread others([&] { harness.session("researcher").get("/x").send(); });
    transport->waitForHeld(2);
    harness.removeIdentity("sa");
    transport->release();
    others.join();
    BOOST_TEST(harness.counters("researcher").requests == 1U);
    theirs.join();
    BOOST_TEST(cancelled);
}

BOOST_AUTO_TEST_CASE(the_summary_covers_all_of_them) {
    TemporaryFolder const folder;
    environment["HTTPTEST_SUMMARY_FILE"] = (folder.path() / "summary").string();
    {
        httptest::Harness const harness(options());
        harness.session().get("/x").send();
        harness.session("researcher").get("/x").send();
        harness.identity("sa", {"sa", httptest::Secret("secret-of-the-sa")}).get("/x").send();
        harness.removeIdentity("sa");
    }
    std::ifstream stream(folder.path() / "summary");
    auto const summary = nlohmann::json::parse(stream);
    BOOST_TEST(summary["requests"] == 3);
    BOOST_TEST(summary["logins"] == 3);
    for (char const* name : {"default", "researcher", "sa"}) {
        BOOST_TEST(summary["identities"][name]["logins"] == 1, name);
    }
}

BOOST_AUTO_TEST_CASE(sessions_of_an_ended_harness_reach_no_other_identity) {
    std::optional<httptest::Session> session;
    {
        httptest::Harness const harness(options());
        session = harness.session();
    }
    BOOST_CHECK_THROW(session->get("/x").identity("researcher").send(), httptest::Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
