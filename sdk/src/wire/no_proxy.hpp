#pragma once

#include <httptest/url.hpp>

#include <string_view>

namespace httptest::wire {

/// Whether a list as in the variable `no_proxy` exempts a target: names separated by commas or spaces, each standing for
/// itself and everything below it (a leading dot or "*." changes nothing), addresses, networks ("10.0.0.0/8",
/// "fd00::/8"), any of them but networks with ":port", and "*" for everything. There is no standard; curl's reading is
/// followed (its manual page, NO_PROXY), ports are added.
bool exempts(std::string_view list, Origin const& target);

} // namespace httptest::wire
