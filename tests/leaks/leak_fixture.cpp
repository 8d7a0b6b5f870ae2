#include "leak_fixture.hpp"

#include "support/canary.hpp"

#include <boost/test/unit_test.hpp>

#include <fnmatch.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace leaks {

namespace fs = std::filesystem;

namespace {

std::string producedText(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

LeakFixture::LeakFixture() {
    keepAnEyeOn("the client secret", canary::clientSecret);
    keepAnEyeOn("the access token", canary::accessToken);
    keepAnEyeOn("the password", canary::password);
    keepAnEyeOn("the proxy's password", canary::proxyPassword);
    fs::path const& folder = produced_.path();
    for (char const* name : {"home", "logs", "reports", "run", "temporary"}) {
        fs::create_directory(folder / name);
        fs::permissions(folder / name, fs::perms::owner_all);
    }
    for (char const* name : {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (char const* const value = std::getenv(name); value != nullptr) {
            variables[name] = value;
        }
    }
    variables["HOME"] = (folder / "home").string();
    variables["TMPDIR"] = (folder / "temporary").string();
    variables["XDG_RUNTIME_DIR"] = (folder / "run").string();
    variables["HTTPTEST_LOG"] = "wire";
    variables["HTTPTEST_LOG_FILE"] = (folder / "logs/trace.log").string();
    variables["HTTPTEST_STATE_DIR"] = (folder / "state").string();
    variables["HTTPTEST_SUMMARY_FILE"] = (folder / "reports/summary.jsonl").string();
    variables["HTTPTEST_TOKEN_STORE"] = "file";
}

LeakFixture::~LeakFixture() {
    if (char const* const folder = std::getenv("LEAK_TESTS_KEEP"); folder != nullptr) {
        std::error_code ignored;
        fs::path const to = fs::path(folder) / boost::unit_test::framework::current_test_case().p_name.value;
        fs::create_directories(to, ignored);
        fs::copy(produced_.path(), to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, ignored);
    }
}

void LeakFixture::keepAnEyeOn(std::string name, std::string_view value) {
    canaries_.push_back({std::move(name), std::string(value)});
}

void LeakFixture::keepAnEyeOn(runai::testing::FakeControlPlane const& plane) {
    for (std::string const& secret : plane.secrets()) {
        keepAnEyeOn("a secret of the control plane's", secret);
    }
}

Command LeakFixture::command(std::string const& program, std::vector<std::string> arguments) {
    std::string const name = std::to_string(++commands_) + "-" + fs::path(program).filename().string();
    return {program, std::move(arguments), variables, produced_.path(), name};
}

Command LeakFixture::suite(std::string const& program, std::vector<std::string> arguments) {
    Command command = this->command(program, std::move(arguments));
    command.arguments.push_back("--logger=HRF,test_suite,stdout:JUNIT,message," +
                                (produced_.path() / "reports" / (command.name + ".xml")).string());
    command.arguments.emplace_back("--report_level=detailed");
    return command;
}

std::vector<Leak> LeakFixture::leaks() const {
    return search().inFolder(produced_.path());
}

void LeakFixture::checkNothingLeaked() const {
    for (Leak const& leak : leaks()) {
        BOOST_ERROR(leak);
    }
}

void LeakFixture::requireProduced(std::string const& pattern, std::string_view text) const {
    fs::path const whole = produced_.path() / pattern;
    bool found = false;
    for (fs::directory_entry const& entry : fs::directory_iterator(whole.parent_path())) {
        bool const named = ::fnmatch(whole.filename().c_str(), entry.path().filename().c_str(), 0) == 0;
        found = found || (named && producedText(entry.path()).find(text) != std::string::npos);
    }
    BOOST_TEST(found, "no " << pattern << " holds '" << text << "'");
}

} // namespace leaks
