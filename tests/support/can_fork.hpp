#pragma once

#include <boost/test/unit_test.hpp>

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

/// A precondition for cases whose processes fork while they have threads.
inline boost::test_tools::assertion_result canFork(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(!sanitized);
    result.message() << "ThreadSanitizer ends a process that makes threads after a fork with threads; AddressSanitizer "
                        "does not take its own locks across fork(), so that a thread which was just ending leaves them "
                        "locked in the child";
    return result;
}
