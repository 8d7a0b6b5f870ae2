#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace runai::testing {

/// Owns a file descriptor.
class Descriptor {
public:
    explicit Descriptor(int number = -1) noexcept : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;

    int number() const noexcept { return number_; }
    void close() noexcept;

private:
    int number_;
};

/// Throws std::system_error that names the action and, if there is one, the path.
[[noreturn]] void throwErrno(std::string const& what, std::filesystem::path const& path = {});

void writeAll(int descriptor, std::string_view text);
std::string readAll(int descriptor);

/// Creates a folder of mode 0700, and what is missing above it. One that is there stays as it is.
void makePrivateFolder(std::filesystem::path const& path);

/// Creates or replaces a file of mode 0600 in one step, so that a reader never sees half of it.
void writePrivateFile(std::filesystem::path const& path, std::string_view contents);

} // namespace runai::testing
