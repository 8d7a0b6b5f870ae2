#include "trace/trace_file.hpp"
#include "stderr_capture.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

namespace fs = std::filesystem;
using httptest::Misconfigured;
using httptest::TraceFile;
using httptest::traceFileName;
using httptest::testing::TemporaryFolder;

std::string tracedIn(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_file)

BOOST_AUTO_TEST_CASE(the_processs_number_stands_where_it_is_wanted_or_before_the_extension) {
    BOOST_TEST(traceFileName("/x/trace.log", 7) == "/x/trace.7.log");
    BOOST_TEST(traceFileName("/x.y/trace", 7) == "/x.y/trace.7");
    BOOST_TEST(traceFileName("trace", 7) == "trace.7");
    BOOST_TEST(traceFileName(".trace", 7) == ".trace.7");
    BOOST_TEST(traceFileName("/x/.trace", 7) == "/x/.trace.7");
    BOOST_TEST(traceFileName("/x/%p/a-%p.log", 71) == "/x/71/a-71.log");
}

BOOST_AUTO_TEST_CASE(the_file_is_the_users_alone_and_is_added_to) {
    TemporaryFolder const folder;
    std::string const pattern = (folder.path() / "trace.log").string();
    fs::path const file = traceFileName(pattern, ::getpid());
    mode_t const before = ::umask(0);
    TraceFile(pattern).write("one\n");
    ::umask(before);
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600);
    TraceFile(pattern).write("two\nthree\n");
    BOOST_TEST(tracedIn(file) == "one\ntwo\nthree\n");
}

BOOST_AUTO_TEST_CASE(links_pipes_folders_and_files_of_others_are_refused) {
    TemporaryFolder const folder;
    auto const refusal = [&](fs::path const& file) {
        try {
            TraceFile const trace(file.string() + "%p");
        } catch (Misconfigured const& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    auto const named = [&](char const* name) { return folder.path() / (name + std::to_string(::getpid())); };
    fs::path const target = folder.write("target", "");
    fs::create_symlink(target, named("link"));
    fs::create_hard_link(target, named("hard"));
    BOOST_REQUIRE(::mkfifo(named("pipe").c_str(), 0600) == 0);
    fs::create_directory(named("folder"));
    fs::permissions(folder.write(named("open").filename().string(), ""), fs::perms(0644));
    BOOST_TEST(refusal(folder.path() / "link").find("symbolic link") != std::string::npos);
    for (char const* name : {"hard", "pipe", "folder", "open", "missing/folder/"}) {
        std::string const text = refusal(folder.path() / name);
        BOOST_TEST(text.find("log_file: ") == 0U, name << ": " << text);
    }
    BOOST_TEST(tracedIn(target).empty());
}

BOOST_AUTO_TEST_CASE(a_child_of_fork_has_a_file_of_its_own) {
    TemporaryFolder const folder;
    std::string const pattern = (folder.path() / "trace.log").string();
    TraceFile trace(pattern);
    trace.write("parent\n");
    pid_t const child = ::fork();
    if (child == 0) {
        trace.write("child\n");
        trace.write("again\n");
        ::_exit(0);
    }
    BOOST_REQUIRE(::waitpid(child, nullptr, 0) == child);
    trace.write("still\n");
    BOOST_TEST(tracedIn(traceFileName(pattern, ::getpid())) == "parent\nstill\n");
    BOOST_TEST(tracedIn(traceFileName(pattern, child)) == "child\nagain\n");
}

BOOST_AUTO_TEST_CASE(a_child_that_cannot_have_a_file_writes_to_standard_error) {
    TemporaryFolder const folder;
    {
        TemporaryFolder const gone;
        TraceFile trace((gone.path() / "trace.log").string());
        fs::remove_all(gone.path());
        std::string const text = writtenToStderr([&] {
            pid_t const child = ::fork();
            if (child == 0) {
                trace.write("child\n");
                ::_exit(0);
            }
            ::waitpid(child, nullptr, 0);
        });
        BOOST_TEST(text == "child\n");
    }
}

BOOST_AUTO_TEST_CASE(standard_error_is_where_lines_go_without_a_file) {
    TraceFile trace;
    BOOST_TEST(writtenToStderr([&] { trace.write("a line\n"); }) == "a line\n");
}

BOOST_AUTO_TEST_SUITE_END()
