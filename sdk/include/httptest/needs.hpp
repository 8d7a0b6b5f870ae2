#pragma once

#include <httptest/abi.hpp>
#include <httptest/harness.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace httptest::inline v1 {

/// What a program's exit code says when nothing but skips ran: CTest's SKIP_RETURN_CODE, as httptest_discover_tests
/// sets it, and automake's.
inline constexpr int skippedExitCode = 77;

/// Something that tests cannot do without, made by `needs::…`. Cases are left out by `skipUnless(need)` of
/// <httptest/boost_test.hpp>; a main of your own asks itself:
///
///     if (std::string const why = httptest::needs::realControlPlane().missing(); !why.empty()) {
///         std::puts(why.c_str());
///         return httptest::skippedExitCode;
///     }
class HTTPTEST_API Need {
public:
    using Check = std::function<std::string(Harness const&)>;

    /// @param check  Answers with why it is not met; empty when it is.
    explicit Need(Check check) : check_(std::move(check)) {}

    /// Why it is not met; empty when it is. Nothing is met where no base URL is configured; any other mistake in the
    /// configuration is an error, and no reason to skip.
    /// @param harness  Makes or finds it; one of the environment's is made where this is left out.
    /// @throws Misconfigured, PluginError
    std::string missing(std::function<Harness const&()> const& harness) const;
    std::string missing() const;

private:
    Check check_;
};

namespace needs {

/// A base URL that is not this machine's, where fakes are.
HTTPTEST_API Need realControlPlane();

/// A configured identity of this name.
HTTPTEST_API Need identity(std::string_view name);

/// A tested system of this version or later. The version is what the setting `system_version` says, since control planes
/// do not tell theirs; it is not met where that says nothing.
/// @throws Misconfigured  `missing` does, for a text that is no version.
HTTPTEST_API Need version(std::string_view atLeast);

} // namespace needs

} // namespace httptest::v1
