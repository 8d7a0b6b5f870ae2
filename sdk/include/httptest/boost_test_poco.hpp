#pragma once

// Shows Poco's exceptions that leave a case in full: Boost.Test knows their class only. For tests that use Poco
// themselves; include it after <boost/test/unit_test.hpp>.

#include <httptest/boost_test.hpp>

#include <Poco/Exception.h>

#include <boost/core/demangle.hpp>
#include <boost/test/unit_test_monitor.hpp>

#include <string>

namespace httptest::inline v1::detail {

/// "Poco::Net::ConnectionRefusedException: Connection refused: 127.0.0.1:9 (code 111)", and the same of its causes.
inline std::string textOf(Poco::Exception const& error) {
    std::string text = boost::core::demangle(error.className());
    text.append(": ").append(error.displayText());
    if (error.code() != 0) {
        text.append(" (code ").append(std::to_string(error.code())).append(")");
    }
    return error.nested() != nullptr ? text.append("\n  caused by ").append(textOf(*error.nested())) : text;
}

inline void reportUncaughtPoco(Poco::Exception const& error) {
    report(Outcome::failed, locationOfCase(), "uncaught " + textOf(error));
}

inline bool installPoco() {
    boost::unit_test::unit_test_monitor.register_exception_translator<Poco::Exception>(&reportUncaughtPoco);
    return true;
}

inline bool const pocoInstalled = installPoco();

} // namespace httptest::v1::detail
