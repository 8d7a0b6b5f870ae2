#include <httptest/cleanup.hpp>
#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

namespace {

namespace fs = std::filesystem;

/// Of the whole process, while it lives.
class Umask {
public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(Umask const&) = delete;
    Umask& operator=(Umask const&) = delete;

private:
    mode_t before_;
};

mode_t modeOf(fs::path const& path) {
    struct stat status {};
    BOOST_TEST_REQUIRE(::lstat(path.c_str(), &status) == 0, path);
    return status.st_mode & 07777U;
}

/// Every file and folder below, with its mode.
std::map<std::string, mode_t> modesBelow(fs::path const& folder) {
    std::map<std::string, mode_t> modes;
    for (fs::directory_entry const& entry : fs::recursive_directory_iterator(folder)) {
        modes[entry.path().lexically_relative(folder).string()] = modeOf(entry.path());
    }
    return modes;
}

/// A suite's run that writes all the files there are: trace, token store, ledger, summary.
struct WritingEverything {
    runai::testing::FakeControlPlane plane;
    httptest::testing::TemporaryFolder folder;
    httptest::Configuration::Environment environment{
        {"RUNAI_BASE_URL", plane.url()},
        {"RUNAI_CLIENT_ID", plane.clientId()},
        {"RUNAI_CLIENT_SECRET", plane.clientSecret()},
        {"HTTPTEST_TOKEN_STORE", "file"},
        {"HTTPTEST_STATE_DIR", (folder.path() / "state").string()},
        {"HTTPTEST_LOG", "wire"},
        {"HTTPTEST_LOG_FILE", (folder.path() / "trace.log").string()},
        {"HTTPTEST_SUMMARY_FILE", (folder.path() / "summary.jsonl").string()},
    };

    /// What is there while deletions are promised, and what is there at the end.
    std::map<std::string, mode_t> run() const {
        std::map<std::string, mode_t> modes;
        {
            httptest::HarnessOptions options;
            options.configuration = httptest::Configuration::fromEnvironment(environment);
            httptest::Harness const harness(options);
            httptest::Cleanup cleanup;
            auto const session = harness.session();
            session.get("/api/v1/clusters").send().requireStatus(200);
            cleanup.add(session.del("/api/v1/org-unit/projects/none"));
            modes = modesBelow(folder.path());
        }
        modes.merge(modesBelow(folder.path()));
        return modes;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(private_files)

BOOST_AUTO_TEST_CASE(are_for_their_owner_alone_whatever_the_umask) {
    WritingEverything const writing;
    Umask const none(0);
    auto const modes = writing.run();
    std::size_t files = 0;
    for (auto const& [name, mode] : modes) {
        bool const isFolder = fs::is_directory(writing.folder.path() / name);
        files += isFolder ? 0 : 1;
        BOOST_TEST(mode == (isFolder ? 0700U : 0600U), name);
    }
    BOOST_TEST(files >= 5U); // trace, lock, login, ledger, summary
}

BOOST_AUTO_TEST_CASE(are_so_from_their_first_moment) {
    if (::geteuid() != 0) {
        BOOST_TEST_MESSAGE("skipped: only root can write to folders of mode 0");
        return;
    }
    // A mode that is given at the file's making loses all its bits; one that is given later would show.
    WritingEverything const writing;
    Umask const all(0777);
    for (auto const& [name, mode] : writing.run()) {
        BOOST_TEST(mode == 0U, name);
    }
}

BOOST_AUTO_TEST_CASE(of_the_fake_control_plane_are_private_too) {
    httptest::testing::TemporaryFolder const folder;
    Umask const none(0);
    // NOLINTNEXTLINE(cert-env33-c): the program's path is ours
    auto const inShell = [](std::string const& command) { return std::system(command.c_str()); };
    std::string const program = FAKE_CONTROL_PLANE;
    std::string const served = (folder.path() / "deep" / "fake").string();
    BOOST_TEST(inShell(program + " --start " + served + " --tls > /dev/null") == 0);
    BOOST_TEST(modeOf(served) == 0700U);
    for (auto const& [name, mode] : modesBelow(served)) {
        BOOST_TEST(mode == 0600U, name);
    }
    BOOST_TEST(inShell(program + " --stop " + served + " > /dev/null") == 0);
}

BOOST_AUTO_TEST_CASE(are_not_written_where_a_link_leads) {
    WritingEverything writing;
    fs::path const elsewhere = writing.folder.path() / "elsewhere";
    fs::create_directory(elsewhere);
    fs::permissions(elsewhere, fs::perms::owner_all);
    fs::create_directory_symlink(elsewhere, writing.folder.path() / "state");
    writing.run();
    BOOST_TEST(fs::is_empty(elsewhere));

    std::string const target = writing.folder.write("target", "").string();
    fs::create_symlink(target, writing.folder.path() / "summary");
    writing.environment["HTTPTEST_SUMMARY_FILE"] = (writing.folder.path() / "summary").string();
    writing.run();
    BOOST_TEST(fs::file_size(target) == 0U, "the summary was written where a link leads");

    std::string const trace = "trace." + std::to_string(::getpid()) + ".log";
    fs::remove(writing.folder.path() / trace);
    fs::create_symlink(target, writing.folder.path() / trace);
    BOOST_CHECK_THROW(writing.run(), httptest::Misconfigured);
    BOOST_TEST(fs::file_size(target) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
