#include "session/version_number.hpp"

#include <httptest/error.hpp>
#include <httptest/needs.hpp>

#include <memory>

namespace httptest::inline v1 {

std::string Need::missing(std::function<Harness const&()> const& harness) const {
    try {
        return check_(harness());
    } catch (MissingSetting const& missing) {
        if (missing.key() != "base_url") {
            throw;
        }
        return "no control plane is configured (" + std::string(missing.what()) + ")";
    }
}

std::string Need::missing() const {
    std::unique_ptr<Harness> own;
    return missing([&]() -> Harness const& {
        own = std::make_unique<Harness>();
        return *own;
    });
}

namespace needs {

Need realControlPlane() {
    return Need([](Harness const& harness) -> std::string {
        Origin const origin = harness.baseUrl().origin;
        return origin.loopback() ? "needs a real control plane, and " + origin.text() + " is this machine" : "";
    });
}

Need identity(std::string_view name) {
    return Need([name = std::string(name)](Harness const& harness) -> std::string {
        return harness.knows(name) ? "" : "needs the identity '" + name + "', for which no credential is configured";
    });
}

Need version(std::string_view atLeast) {
    return Need([atLeast = std::string(atLeast)](Harness const& harness) -> std::string {
        VersionNumber const wanted(atLeast);
        std::string const found = harness.systemVersion();
        if (found.empty()) {
            return "needs version " + atLeast + ", and the setting system_version does not tell which one is tested";
        }
        return VersionNumber(found) >= wanted ? "" : "needs version " + atLeast + ", and " + found + " is tested";
    });
}

} // namespace needs

} // namespace httptest::v1
