#include <httptest/testing/temporary_folder.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace httptest::testing {

namespace {

constexpr mode_t ownerOnly = S_IRUSR | S_IWUSR;

[[noreturn]] void fail(std::string const& what, std::filesystem::path const& path) {
    throw std::system_error(errno, std::generic_category(), what + " " + path.string());
}

std::filesystem::path parentFolder() {
    auto const* folder = std::getenv("TMPDIR");
    return std::filesystem::absolute(folder != nullptr && *folder != '\0' ? folder : "/tmp");
}

class File {
public:
    explicit File(std::filesystem::path const& path)
        : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, ownerOnly)) {
        if (descriptor_ < 0) {
            fail("cannot create", path);
        }
    }
    ~File() { ::close(descriptor_); }
    File(File const&) = delete;
    File& operator=(File const&) = delete;

    int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

} // namespace

TemporaryFolder::TemporaryFolder() {
    auto name = (parentFolder() / "httptest-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        fail("cannot make a temporary folder", name);
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TemporaryFolder::write(std::string const& name, std::string_view contents) const {
    auto path = path_ / name;
    std::filesystem::create_directories(path.parent_path());
    File const file(path);
    // A replaced file keeps its mode, and the umask takes bits from a new one.
    if (::fchmod(file.descriptor(), ownerOnly) != 0) {
        fail("cannot set the mode of", path);
    }
    while (!contents.empty()) {
        auto const written = ::write(file.descriptor(), contents.data(), contents.size());
        if (written < 0 && errno != EINTR) {
            fail("cannot write", path);
        }
        contents.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return path;
}

} // namespace httptest::testing
