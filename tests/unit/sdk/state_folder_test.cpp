#include "store/state_folder.hpp"

#include "support/contains.hpp"

#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_store.hpp>

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace {

namespace fs = std::filesystem;
using httptest::StoreUnavailable;
using httptest::store::StateFolder;
using httptest::store::stateFolderPath;
using httptest::testing::TemporaryFolder;

/// A variable of this process, as it was before once the case is over.
class Variable {
public:
    explicit Variable(char const* name) : name_(name) {
        if (char const* const value = std::getenv(name)) {
            before_ = value;
        }
    }
    ~Variable() { before_ ? set(*before_) : unset(); }
    Variable(Variable const&) = delete;
    Variable& operator=(Variable const&) = delete;

    void set(std::string const& value) const { ::setenv(name_, value.c_str(), 1); }
    void unset() const { ::unsetenv(name_); }

private:
    char const* name_;
    std::optional<std::string> before_;
};

template <class Action>
std::string refusal(Action action) {
    try {
        action();
    } catch (StoreUnavailable const& error) {
        return error.what();
    }
    return {};
}

struct StateFolderFixture {
    TemporaryFolder folder;
    StateFolder state{(folder.path() / "state").string()};

    fs::path inside(std::string const& name) const { return fs::path(state.path()) / name; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_folder, StateFolderFixture)

BOOST_AUTO_TEST_CASE(is_the_configured_one_else_in_the_runtime_folder_else_in_the_temporary_one) {
    Variable const runtime("XDG_RUNTIME_DIR");
    Variable const temporary("TMPDIR");
    std::string const own = "/httptest-" + std::to_string(::geteuid());
    runtime.set(folder.path().string());
    temporary.set("/another/temporary");
    BOOST_TEST(stateFolderPath("/configured") == "/configured");
    BOOST_TEST(stateFolderPath("") == folder.path().string() + "/httptest");
    // Left over from a login that is no more, as `su` and containers have it.
    runtime.set("/nonexistent/runtime");
    BOOST_TEST(stateFolderPath("") == "/another/temporary" + own);
    runtime.set("");
    BOOST_TEST(stateFolderPath("") == "/another/temporary" + own);
    runtime.unset();
    temporary.unset();
    BOOST_TEST(stateFolderPath("") == "/tmp" + own);
}

BOOST_AUTO_TEST_CASE(is_made_in_a_folder_that_exists_alone) {
    std::string const lost = (folder.path() / "missing" / "state").string();
    BOOST_TEST(refusal([&] { StateFolder{lost}; }) ==
               "cannot make the folder '" + lost + "': No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_missing_file_or_a_link_is_none_to_read_and_another_failure_is_told) {
    fs::create_symlink("/etc/passwd", inside("link"));
    BOOST_TEST(!state.openToRead("missing"));
    BOOST_TEST(!state.openToRead("link"));
    std::string const tooLong(300, 'n');
    BOOST_TEST(contains(refusal([&] { state.openToRead(tooLong); }), "cannot open '" + inside(tooLong).string()));
}

BOOST_AUTO_TEST_CASE(a_folder_in_a_files_place_is_told_and_left_alone) {
    fs::create_directory(inside("taken"));
    std::string const taken = "'" + inside("taken").string() + "'";
    BOOST_TEST(refusal([&] { state.openToLock("taken"); }) == "cannot open " + taken + ": Is a directory");
    BOOST_TEST(refusal([&] { state.openToAppend("taken"); }) == "cannot make " + taken + ": File exists");
    BOOST_TEST(refusal([&] { state.writeNew("taken", "text"); }) == "cannot make " + taken + ": File exists");
    BOOST_TEST(!state.remove("taken"));
    BOOST_TEST(!state.read(state.openToRead("taken"), 1000).has_value());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_renamed_does_not_stay_behind) {
    fs::create_directory(inside("taken"));
    state.writeNew("new", "text");
    BOOST_TEST(refusal([&] { state.rename("new", "taken"); }) ==
               "cannot rename '" + inside("new").string() + "': Is a directory");
    BOOST_TEST(!fs::exists(inside("new")));
}

BOOST_AUTO_TEST_CASE(its_files_are_listed_but_for_hidden_ones) {
    state.writeNew(".hidden", "");
    state.writeNew("seen", "");
    BOOST_TEST(state.names().size() == 1U);
    BOOST_TEST(state.names().at(0) == "seen");
}

BOOST_AUTO_TEST_SUITE_END()
