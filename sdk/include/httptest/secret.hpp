#pragma once

#include <httptest/abi.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// A secret text: it cannot be printed or compared by accident, is copied only by `clone()`, wipes its memory when
/// it ends, and is known to the redactor from its first moment.
///
/// The bytes on the wire (an Authorization header, a login body) live in ordinary buffers for as long as the exchange
/// lasts; that is the limit of what wiping can promise.
class HTTPTEST_API Secret {
public:
    Secret() = default;

    /// Takes the text over and registers it with the redactor.
    explicit Secret(std::string text);

    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(Secret const&) = delete;
    Secret& operator=(Secret const&) = delete;
    ~Secret();

    Secret clone() const;

    /// The text itself, valid while this object lives and is not assigned to.
    std::string_view reveal() const noexcept { return text_; }

    bool empty() const noexcept { return text_.empty(); }

    /// Twelve hexadecimal digits of the text's SHA-256: enough to tell two secrets apart, useless to recover either.
    /// Meant for high-entropy secrets such as tokens.
    std::string fingerprint() const;

private:
    void wipe() noexcept;

    std::string text_;
};

/// Overwrites the whole buffer of `text`, spare capacity included, in a way that the optimiser keeps; leaves it empty.
HTTPTEST_API void wipe(std::string& text) noexcept;

} // namespace httptest::v1
