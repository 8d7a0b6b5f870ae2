#pragma once

#include <filesystem>
#include <string>

/// Compares a text with golden/<name>.txt, what differs from run to run replaced first: times, ports, dates,
/// fingerprints, folders, versions of libraries.
///
/// To renew the files, run the tests with HTTPTEST_RENEW_GOLDEN=1 and read the difference in git.
/// @param folder  The test's temporary folder, where it has one.
void checkGolden(std::string const& name, std::string const& text, std::filesystem::path const& folder = {});
