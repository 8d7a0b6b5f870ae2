#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace httptest::testing {

/// A folder of mode 0700 below $TMPDIR (else /tmp), removed with everything in it when the object dies.
///
/// Failures throw std::runtime_error (of which std::filesystem::filesystem_error is one); the destructor never throws.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    std::filesystem::path const& path() const noexcept { return path_; }

    /// Creates or replaces `name`, mode 0600, and returns its absolute path. Folders within `name` are made too.
    std::filesystem::path write(std::string const& name, std::string_view contents) const;

private:
    std::filesystem::path path_;
};

} // namespace httptest::testing
