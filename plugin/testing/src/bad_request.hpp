#pragma once

#include <stdexcept>

namespace runai::testing {

/// The client's mistake, in words for the `details` of a 400.
class BadRequest : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace runai::testing
