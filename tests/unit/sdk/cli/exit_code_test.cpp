#include "exit_code.hpp"
#include "arguments.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace httptest;
using cli::ExitCode;
using cli::exitCodeOf;

BOOST_AUTO_TEST_SUITE(CommandExitCode)

BOOST_AUTO_TEST_CASE(each_step_has_its_own) {
    BOOST_CHECK(exitCodeOf(cli::UsageError("x")) == ExitCode::usage);
    BOOST_CHECK(exitCodeOf(InvalidRequest("x")) == ExitCode::usage);
    BOOST_CHECK(exitCodeOf(Misconfigured("x")) == ExitCode::configuration);
    BOOST_CHECK(exitCodeOf(PluginError("x")) == ExitCode::plugin);
    BOOST_CHECK(exitCodeOf(NameNotResolved(Phase::resolve, "x")) == ExitCode::name);
    BOOST_CHECK(exitCodeOf(TimedOut(Phase::resolve, "x")) == ExitCode::name);
    BOOST_CHECK(exitCodeOf(ConnectFailed(Phase::connect, "x")) == ExitCode::connect);
    BOOST_CHECK(exitCodeOf(ProxyRefused(407, "x")) == ExitCode::proxy);
    BOOST_CHECK(exitCodeOf(TlsError(Phase::tls, "x")) == ExitCode::tls);
    BOOST_CHECK(exitCodeOf(BadReply(Phase::body, "x")) == ExitCode::exchange);
    BOOST_CHECK(exitCodeOf(CredentialsRejected("x")) == ExitCode::login);
    BOOST_CHECK(exitCodeOf(LoginUnavailable("x")) == ExitCode::tokenApi);
    BOOST_CHECK(exitCodeOf(BadLoginReply("x")) == ExitCode::tokenApi);
    BOOST_CHECK(exitCodeOf(std::runtime_error("x")) == ExitCode::failed);
}

BOOST_AUTO_TEST_CASE(the_manual_tells_each_once) {
    std::set<ExitCode> told;
    for (cli::ExitCodeMeaning const& entry : cli::exitCodes()) {
        BOOST_TEST(told.insert(entry.code).second);
        BOOST_TEST(!std::string(entry.meaning).empty());
    }
    BOOST_TEST(told.size() == 14U);
}

BOOST_AUTO_TEST_SUITE_END()
