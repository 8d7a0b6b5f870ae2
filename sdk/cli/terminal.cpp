#include "terminal.hpp"

#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace httptest::cli {

namespace {

/// Returns the error number, 0 for none.
int writeAll(int descriptor, std::string_view text) noexcept {
    while (!text.empty()) {
        auto const count = ::write(descriptor, text.data(), text.size());
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return 0;
}

char const* sequence(Colour colour) noexcept {
    switch (colour) {
    case Colour::green: return "\033[32m";
    case Colour::yellow: return "\033[33m";
    case Colour::red: return "\033[1;31m";
    case Colour::dim: return "\033[2m";
    case Colour::none: break;
    }
    return "";
}

bool isSet(char const* variable) {
    char const* const value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

} // namespace

void occupyStandardDescriptors() noexcept {
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
        if (::fcntl(descriptor, F_GETFD) < 0) {
            // The lowest free number is this one. Not for writing: that the output goes nowhere must be noticed.
            static_cast<void>(::open("/dev/null", O_RDONLY)); // NOLINT(android-cloexec-open)
        }
    }
}

void writeOut(std::string_view text) {
    if (int const error = writeAll(STDOUT_FILENO, text); error != 0) {
        throw OutputError(error, std::generic_category(), "cannot write the output");
    }
}

void writeError(std::string_view text) noexcept {
    writeAll(STDERR_FILENO, text);
}

std::string shown(std::string_view text) {
    return cleanForXml(redacted(text));
}

Palette::Palette(int descriptor) : coloured_(::isatty(descriptor) == 1 && !isSet("NO_COLOR")) {}

std::string Palette::paint(Colour colour, std::string_view text) const {
    std::string const plain(text);
    return coloured_ && colour != Colour::none ? sequence(colour) + plain + "\033[0m" : plain;
}

} // namespace httptest::cli
