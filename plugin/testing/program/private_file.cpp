#include "private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace runai::testing {

Descriptor::~Descriptor() {
    close();
}

void Descriptor::close() noexcept {
    if (number_ >= 0) {
        ::close(number_);
        number_ = -1;
    }
}

void throwErrno(std::string const& what, std::filesystem::path const& path) {
    auto const error = errno;
    throw std::system_error(error, std::generic_category(), path.empty() ? what : what + " " + path.string());
}

void writeAll(int descriptor, std::string_view text) {
    while (!text.empty()) {
        auto const written = ::write(descriptor, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throwErrno("cannot write");
        }
    }
}

std::string readAll(int descriptor) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        auto const count = ::read(descriptor, buffer.data(), buffer.size());
        if (count == 0) {
            return text;
        }
        if (count > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            throwErrno("cannot read");
        }
    }
}

void makePrivateFolder(std::filesystem::path const& path) {
    std::filesystem::create_directories(path.parent_path());
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        throwErrno("cannot make the folder", path);
    }
}

void writePrivateFile(std::filesystem::path const& path, std::string_view contents) {
    auto temporary = path.string() + ".XXXXXX";
    Descriptor const file(::mkostemp(temporary.data(), O_CLOEXEC)); // always 0600
    if (file.number() < 0) {
        throwErrno("cannot create a file beside", path);
    }
    try {
        writeAll(file.number(), contents);
        std::filesystem::rename(temporary, path);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

} // namespace runai::testing
