#include "stderr_capture.hpp"
#include "support/contains.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/redactor.hpp>
#include <httptest/settings.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace {

using httptest::Misconfigured;
using httptest::SecretSource;
using httptest::testing::TemporaryFolder;

std::string fileRefusal(std::filesystem::path const& file) {
    try {
        SecretSource::file(file.string(), "variable X_FILE").read();
    } catch (Misconfigured const& error) {
        return error.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(secret_source)

BOOST_AUTO_TEST_CASE(a_files_last_newline_is_no_part_of_the_secret) {
    TemporaryFolder const folder;
    auto const read = [&](std::string const& content) {
        return std::string(SecretSource::file(folder.write("s", content).string(), "").read().reveal());
    };
    BOOST_TEST(read("text") == "text");
    BOOST_TEST(read("text\n") == "text");
    BOOST_TEST(read("text\r\n") == "text");
    BOOST_TEST(read("text\n\n") == "text\n");
    BOOST_TEST(read(" text ") == " text ");
    BOOST_TEST(read(std::string(64 * 1024, 's')).size() == 64U * 1024U);
}

BOOST_AUTO_TEST_CASE(a_file_that_holds_no_secret_is_named_with_its_setting) {
    TemporaryFolder const folder;
    for (std::string const content : {"", "\n", "\r\n"}) {
        BOOST_TEST(contains(fileRefusal(folder.write("s", content)), "is empty"));
    }
    BOOST_TEST(contains(fileRefusal(folder.write("s", std::string(64 * 1024 + 1, 's'))), "over 64 KiB"));
    BOOST_TEST(contains(fileRefusal(folder.path() / "absent"), "No such file"));
    BOOST_TEST(contains(fileRefusal(folder.path()), "directory"));
    BOOST_TEST(contains(fileRefusal(folder.path() / "absent"), "absent' (variable X_FILE)"));
}

BOOST_AUTO_TEST_CASE(a_file_is_read_anew_and_its_version_follows_its_content) {
    TemporaryFolder const folder;
    folder.write("one", "first-secret-text");
    folder.write("two", "second-secret-text");
    auto const link = folder.path() / "link";
    std::filesystem::create_symlink("one", link);
    SecretSource const source = SecretSource::file(link.string(), "");
    std::string const version = source.version();
    BOOST_TEST(source.read().reveal() == "first-secret-text");
    std::filesystem::remove(link);
    BOOST_TEST(source.version().empty());
    std::filesystem::create_symlink("two", link);
    BOOST_TEST(source.read().reveal() == "second-secret-text");
    BOOST_TEST(source.version() != version);
    BOOST_TEST(!contains(source.version(), "secret"));
}

BOOST_AUTO_TEST_CASE(a_file_that_everybody_may_read_is_noticed_once) {
    TemporaryFolder const folder;
    auto const file = folder.write("secret", "text-of-an-open-secret");
    auto const read = [&] { SecretSource::file(file.string(), "variable X_FILE").read(); };
    BOOST_TEST(writtenToStderr(read).empty());
    std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    std::string const written = writtenToStderr([&] {
        read();
        read();
    });
    BOOST_TEST(written == "httptest: the secret's file '" + file.string() +
                              "' (variable X_FILE) can be read by everybody; take that away (chmod o-r)\n");
}

BOOST_AUTO_TEST_CASE(a_value_is_known_to_the_redactor_and_its_version_is_constant) {
    SecretSource const source = SecretSource::value("value-of-a-source", "x");
    BOOST_TEST(httptest::redacted("value-of-a-source") == "[redacted]");
    BOOST_TEST(source.version() == SecretSource::value("another-value", "x").version());
    BOOST_TEST(SecretSource(source).read().reveal() == "value-of-a-source");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(trusted_settings)

BOOST_AUTO_TEST_CASE(a_file_that_others_can_write_is_refused_where_it_would_decide_which_code_runs) {
    TemporaryFolder const folder;
    std::string const file = folder.write("settings.json", R"({"x": {"program": "/bin/true"}})").string();
    std::vector<httptest::SettingSpec> const specs{{"program", httptest::SettingKind::text}};
    auto const fromFile = httptest::Configuration::fromEnvironment({{"HTTPTEST_CONFIG", file}}).resolve("x", specs);
    fromFile.requireTrusted("program");
    using std::filesystem::perms;
    for (perms const writable : {perms::group_write, perms::others_write}) {
        std::filesystem::permissions(file, perms::owner_all | writable);
        BOOST_CHECK_EXCEPTION(fromFile.requireTrusted("program"), Misconfigured, [&](Misconfigured const& error) {
            return contains(error.what(), file) && contains(error.what(), "set X_PROGRAM instead");
        });
    }
    httptest::Configuration::fromEnvironment({{"HTTPTEST_CONFIG", file}, {"X_PROGRAM", "/bin/true"}})
        .resolve("x", specs)
        .requireTrusted("program");
}

BOOST_AUTO_TEST_SUITE_END()
