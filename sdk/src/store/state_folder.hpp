#pragma once

#include "wire/descriptor.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace httptest::store {

using wire::Descriptor;

/// A folder in the state folder: mode 0700, owned by us, entered without following a symbolic link. Files in it are
/// opened relative to it, so that nobody can exchange it under our hands. Thread-safe.
class StateFolder {
public:
    /// Makes what is missing. @param configured  Empty: $XDG_RUNTIME_DIR/httptest, else $TMPDIR/httptest-<uid>.
    /// @throws StoreUnavailable  Names the folder, what is wrong with it and the remedy.
    explicit StateFolder(std::string const& configured, std::string const& subfolder = "tokens");

    std::string const& path() const noexcept { return path_; }

    /// Opens without following a link; none where there is no such file.
    /// @throws StoreUnavailable
    Descriptor openToRead(std::string const& name) const;
    /// Makes the file, mode 0600, where there is none. @throws StoreUnavailable
    Descriptor openToLock(std::string const& name) const;
    /// Makes the file, mode 0600, which must not be there. @throws StoreUnavailable
    Descriptor openToAppend(std::string const& name) const;

    /// The whole of a small file of ours; nothing when it is no regular file, not ours, open to others, or too long.
    std::optional<std::string> read(Descriptor const& file, std::size_t longest) const;

    /// Writes a new file beside `name`, mode 0600. @throws StoreUnavailable  A full disk, say; nothing stays behind.
    void writeNew(std::string const& temporary, std::string const& contents) const;
    /// @throws StoreUnavailable
    void rename(std::string const& temporary, std::string const& name) const;
    bool remove(std::string const& name) const noexcept;
    /// @throws StoreUnavailable
    std::vector<std::string> names() const;

private:
    std::string path_;
    Descriptor folder_;
};

/// What the state folder is, before it is looked at.
std::string stateFolderPath(std::string const& configured);

} // namespace httptest::store
