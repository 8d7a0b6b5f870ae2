#pragma once

namespace httptest::testing {

/// A deleter for OpenSSL's objects: `std::unique_ptr<X509, FreeWith<X509_free>>`.
template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

} // namespace httptest::testing
