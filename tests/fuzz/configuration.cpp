// Configuration files, as JSON and as lines.

#include "input.hpp"

#include "config/configuration_file.hpp"

#include <httptest/error.hpp>

#include <sys/mman.h>
#include <unistd.h>

namespace {

/// A file in memory. The reader takes its format from the name, which a symbolic link of the kernel's cannot have, so
/// that JSON is read through a link of our own.
class MemoryFile {
public:
    MemoryFile() : descriptor_(::memfd_create("configuration", MFD_CLOEXEC)) {
        path_ = "/proc/self/fd/" + std::to_string(descriptor_);
        json_ = "/tmp/httptest-fuzz-" + std::to_string(::getpid()) + ".json";
        ::unlink(json_.c_str());
        require(descriptor_ >= 0 && ::symlink(path_.c_str(), json_.c_str()) == 0, "a file can be made");
    }
    ~MemoryFile() {
        ::unlink(json_.c_str());
        ::close(descriptor_);
    }
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;

    void write(std::string_view text) const {
        require(::ftruncate(descriptor_, 0) == 0 &&
                    ::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
                "a file can be written");
    }
    std::string const& path(bool json) const { return json ? json_ : path_; }

private:
    int const descriptor_;
    std::string path_;
    std::string json_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static MemoryFile const file;
    Input input(data, size);
    std::string const& path = file.path(input.draw(2) == 0);
    file.write(input.rest());
    try {
        for (auto const& [key, value] : httptest::readConfigurationFile(path)) {
            require(!key.empty(), "a key has a name");
            require(!value.isList || value.text.empty(), "a value is a text or a list");
        }
    } catch (httptest::Misconfigured const& error) {
        require(std::string_view(error.what()).find(path) != std::string_view::npos, "a refusal names the file");
    }
    return 0;
}
