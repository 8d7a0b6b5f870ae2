#pragma once

/// Number of the binary interface between the SDK and its plugins; also the SONAME's number and the name of the
/// inline namespace (`httptest::v1`). It changes whenever a type that crosses the boundary changes.
#define HTTPTEST_ABI 1

/// Marks what the shared library exports; everything else is hidden.
#define HTTPTEST_API [[gnu::visibility("default")]]
