#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace httptest::cli {

/// Standard output cannot be written; the code is the system's reason.
class OutputError : public std::system_error {
public:
    using std::system_error::system_error;
};

/// Opens /dev/null for those of the three standard descriptors that are closed, so that no socket takes their place and
/// gets our output. Call it first.
void occupyStandardDescriptors() noexcept;

/// Writes all of it to standard output.
/// @throws OutputError
void writeOut(std::string_view text);

/// The same to standard error; what cannot be written there is lost.
void writeError(std::string_view text) noexcept;

/// A text of anybody's in a form that may be shown: without secrets that the redactor knows, control characters and
/// invalid UTF-8.
std::string shown(std::string_view text);

enum class Colour { none, green, yellow, red, dim };

/// Colours texts for one descriptor: only on a terminal, and not where NO_COLOR is set (no-color.org).
class Palette {
public:
    explicit Palette(int descriptor);

    std::string paint(Colour colour, std::string_view text) const;

private:
    bool coloured_;
};

} // namespace httptest::cli
