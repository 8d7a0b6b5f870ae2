#include "login_fixture.hpp"
#include "secret_search.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_cache.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace runai::testing;
using httptest::testing::jsonReply;
using httptest::testing::TemporaryFolder;

namespace {

Environment with(std::string const& name, std::string const& value) {
    return {{"RUNAI_BASE_URL", "https://cp.example"}, {name, value}};
}

/// A fixture and the file that its mode reads.
struct FileFixture : LoginFixture {
    explicit FileFixture(std::string const& variable, TemporaryFolder const& folder)
        : LoginFixture(with(variable, (folder.path() / "token").string())),
          folder_(folder) {}

    void write(std::string const& content) { folder_.write("token", content); }
    std::string path() const { return (folder_.path() / "token").string(); }

private:
    TemporaryFolder const& folder_;
};

/// Kubernetes' way of replacing a file: it is a link into ..data, which is a link to a folder of its own.
void swapThroughData(TemporaryFolder const& folder, std::string const& version, std::string const& content) {
    namespace fs = std::filesystem;
    folder.write(version + "/token", content);
    fs::remove(folder.path() / "..data_tmp");
    fs::create_directory_symlink(version, folder.path() / "..data_tmp");
    fs::rename(folder.path() / "..data_tmp", folder.path() / "..data");
    if (!fs::is_symlink(folder.path() / "token")) {
        fs::create_symlink("..data/token", folder.path() / "token");
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(ready_token)

BOOST_AUTO_TEST_CASE(is_used_as_it_is_without_a_login_for_what_is_left_of_it) {
    TemporaryFolder const folder;
    FileFixture fixture("RUNAI_TOKEN_FILE", folder);
    fixture.write(fixture.jwtEndingIn(600s) + "\n");
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::token, result.text);
    BOOST_TEST(result.token.accessToken.reveal() == fixture.jwtEndingIn(600s));
    // Not exp - iat, which began a minute ago; and rounded to the safe side.
    BOOST_TEST((result.token.expiresIn == 599s || result.token.expiresIn == 600s));
    BOOST_TEST(!result.token.serverTime.has_value());
    BOOST_TEST(fixture.transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(an_opaque_one_has_an_unknown_lifetime) {
    LoginFixture fixture(with("RUNAI_TOKEN", "an-opaque-token"));
    LoginResult const result = fixture.login();
    BOOST_TEST(result.token.accessToken.reveal() == "an-opaque-token", result.text);
    BOOST_TEST(!result.token.expiresIn.has_value());
    BOOST_TEST(fixture.source->describe() == "token of RUNAI_TOKEN at https://cp.example/, by token (RUNAI_TOKEN)");
}

BOOST_AUTO_TEST_CASE(one_that_has_ended_or_is_about_to_says_who_must_renew_it) {
    TemporaryFolder const folder;
    FileFixture fixture("RUNAI_TOKEN_FILE", folder);
    struct Row {
        std::chrono::seconds left;
        char const* words;
    };
    for (Row const& row :
         {Row{-7h, "ended 7 h ago"}, Row{-10min, "ended 10 min ago"}, Row{-20s, "ended 2"}, Row{5s, "ends in"}}) {
        fixture.write(fixture.jwtEndingIn(row.left));
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == Outcome::misconfigured, nameOf(result.outcome));
        for (std::string const& part :
             {std::string("the token of '") + fixture.path() + "' (RUNAI_TOKEN_FILE) ", std::string(row.words),
              std::string("whoever writes that file must renew it")}) {
            BOOST_TEST(contains(result.text, part), result.text);
        }
    }
    fixture.write(fixture.jwtEndingIn(7s));
    BOOST_TEST(fixture.login().outcome == Outcome::token);

    LoginFixture value(with("RUNAI_TOKEN", fixture.jwtEndingIn(-1min)));
    BOOST_TEST(contains(value.login().text, "get a new one and set RUNAI_TOKEN before the tests start"));
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_refused_before_it_gets_into_a_header) {
    TemporaryFolder const folder;
    FileFixture fixture("RUNAI_TOKEN_FILE", folder);
    struct Row {
        std::string content;
        char const* words;
    };
    for (Row const& row : {Row{"", "is empty"}, Row{"two words", "holds white space"},
                           Row{"a\r\nX-Evil: 1", "holds white"}, Row{std::string(64UL * 1024 + 1, 'x'), "64 KiB"}}) {
        fixture.write(row.content);
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == Outcome::misconfigured, nameOf(result.outcome));
        BOOST_TEST(contains(result.text, row.words), result.text);
        BOOST_TEST(contains(result.text, fixture.path()), result.text);
        BOOST_TEST(!contains(result.text, "two words"));
    }
    std::filesystem::remove(fixture.path());
    BOOST_TEST(contains(fixture.login().text, "No such file"));
}

BOOST_AUTO_TEST_CASE(the_cache_reads_a_renewed_file_at_once_after_the_old_token_ended) {
    TemporaryFolder const folder;
    FileFixture writer("RUNAI_TOKEN_FILE", folder);
    auto const clock = std::make_shared<httptest::testing::FakeClock>(writer.clock->now());
    auto const transport = std::make_shared<httptest::testing::ScriptedTransport>(clock);
    runai::TokenApiMemory memory;
    httptest::TokenCache::Parts parts;
    parts.source = std::make_unique<runai::RunAiTokenSource>(
        httptest::Url::parse("https://cp.example"), resolve(with("RUNAI_TOKEN_FILE", writer.path())), clock, memory);
    parts.transport = transport;
    parts.clock = clock;
    httptest::TokenCache cache(std::move(parts));
    auto const acquire = [&] { return cache.acquire(clock->steady() + 1s, {})->authorization; };

    std::string const first = writer.jwtEndingIn(600s);
    std::string const second = writer.jwtEndingIn(7200s);
    writer.write(first);
    BOOST_TEST(acquire() == "Bearer " + first);
    clock->advance(601s);
    for (int i = 0; i < 2; ++i) {
        BOOST_CHECK_EXCEPTION(acquire(), httptest::Misconfigured,
                              [](auto const& error) { return contains(error.what(), "must renew it"); });
        BOOST_TEST(cache.describe().state == "rejected");
    }
    writer.write(second);
    BOOST_TEST(acquire() == "Bearer " + second);
    BOOST_TEST(transport->requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(the_cache_takes_the_renewed_token_when_the_old_one_is_refused) {
    TemporaryFolder const folder;
    FileFixture writer("RUNAI_TOKEN_FILE", folder);
    auto const clock = std::make_shared<httptest::testing::FakeClock>(writer.clock->now());
    runai::TokenApiMemory memory;
    httptest::TokenCache::Parts parts;
    parts.source = std::make_unique<runai::RunAiTokenSource>(
        httptest::Url::parse("https://cp.example"), resolve(with("RUNAI_TOKEN_FILE", writer.path())), clock, memory);
    parts.transport = std::make_shared<httptest::testing::ScriptedTransport>(clock);
    parts.clock = clock;
    httptest::TokenCache cache(std::move(parts));
    swapThroughData(folder, "..v1", writer.jwtEndingIn(600s));
    auto const first = cache.acquire(clock->steady() + 1s, {});
    clock->advance(60s);
    swapThroughData(folder, "..v2", writer.jwtEndingIn(7200s));
    BOOST_TEST(cache.refused(first->fingerprint).replay);
    BOOST_TEST(cache.acquire(clock->steady() + 1s, {})->authorization == "Bearer " + writer.jwtEndingIn(7200s));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(external_token)

BOOST_AUTO_TEST_CASE(is_read_anew_at_every_login_and_exchanged) {
    TemporaryFolder const folder;
    FileFixture fixture("RUNAI_EXTERNAL_TOKEN_FILE", folder);
    fixture.transport.otherwise([](httptest::Request const&) {
        return jsonReply(200, R"({"access_token":"t","expires_in":300,"refresh_token":"not-to-be-taken"})");
    });
    std::string before;
    for (std::string const subject : {"jenkins:one", "jenkins:two"}) {
        std::string const token = fixture.jwtEndingIn(300s, subject);
        swapThroughData(folder, "..of-" + subject.substr(8), token + "\n");
        BOOST_TEST(fixture.source->credentialVersion() != before);
        before = fixture.source->credentialVersion();
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == Outcome::token, result.text);
        BOOST_TEST(result.token.refreshToken.empty());
        BOOST_TEST(fixture.transport.requests().back().body ==
                   "grant_type=external_token_exchange&external_token=" + token);
    }
    BOOST_TEST(fixture.source->describe() ==
               "external_token_exchange with the token of RUNAI_EXTERNAL_TOKEN_FILE at https://cp.example/, by "
               "external_token (RUNAI_EXTERNAL_TOKEN_FILE)");
}

BOOST_AUTO_TEST_CASE(v1_is_asked_where_v2_does_not_have_the_grant) {
    TemporaryFolder const folder;
    FileFixture fixture("RUNAI_EXTERNAL_TOKEN_FILE", folder);
    fixture.write(fixture.jwtEndingIn(300s));
    fixture.transport.reply(jsonReply(400, R"({"error":"unsupported_grant_type"})"))
        .reply(jsonReply(200, R"({"accessToken":"t"})"));
    BOOST_TEST(fixture.login().outcome == Outcome::token);
    BOOST_TEST(fixture.asked() == "v2 v1");
    BOOST_TEST(fixture.transport.requests().back().body ==
               R"({"grantType":"external_token_exchange","externalToken":")" + fixture.jwtEndingIn(300s) + R"("})");
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_exchanged_says_so_before_the_wire) {
    TemporaryFolder const folder;
    FileFixture fixture("RUNAI_EXTERNAL_TOKEN_FILE", folder);
    struct Row {
        std::string content;
        char const* words;
    };
    for (Row const& row : {Row{"", "is empty"}, Row{"an-opaque-token", "is no JWT"},
                           Row{fixture.jwtEndingIn(-3min), "ended 3 min ago: the identity provider"}}) {
        fixture.write(row.content);
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == Outcome::misconfigured, nameOf(result.outcome));
        BOOST_TEST(contains(result.text, row.words), result.text);
        BOOST_TEST(contains(result.text, fixture.path()), result.text);
        BOOST_TEST(contains(result.text, "RUNAI_EXTERNAL_TOKEN_FILE"), result.text);
    }
    std::filesystem::remove(fixture.path());
    BOOST_TEST(contains(fixture.login().text, "No such file"));
    BOOST_TEST(fixture.transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(a_refusal_names_whose_token_it_was_and_asks_about_trust) {
    TemporaryFolder const folder;
    FileFixture fixture("RUNAI_EXTERNAL_TOKEN_FILE", folder);
    std::string const token = fixture.jwtEndingIn(300s, "jenkins:job");
    fixture.write(token);
    fixture.transport.reply(
        jsonReply(400, R"({"error":"invalid_grant","error_description":"bad token )" + token + R"("})"));
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::rejected);
    BOOST_TEST(result.text ==
               "could not log in to https://cp.example/api/v2/token as 'jenkins:job': invalid_grant: bad token "
               "[redacted] (check RUNAI_EXTERNAL_TOKEN_FILE). Does the control plane trust the identity provider that "
               "issued the token?");
}

BOOST_AUTO_TEST_SUITE_END()
