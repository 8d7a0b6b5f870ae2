#include "session/refuse.hpp"

#include <httptest/error.hpp>

namespace httptest::inline v1 {

void refuse(std::string const& what, Location where) {
    InvalidRequest error(what);
    error.setLocation(where);
    throw error; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
}

} // namespace httptest::v1
