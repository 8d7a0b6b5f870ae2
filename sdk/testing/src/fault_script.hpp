#pragma once

#include <httptest/testing/fault.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::testing {

/// What is to go wrong: first what was added for some requests, in its order, then what was added for all, the newest
/// first.
class FaultScript {
public:
    void addForNext(Fault fault, std::size_t requests, std::string pathPrefix);
    void addForAll(Fault fault, std::string pathPrefix);
    void clear();

    std::optional<Fault> takeFor(std::string_view path);

    /// The first one, where it does not wait for a request.
    std::optional<Fault> takeForConnection();

private:
    struct Some {
        Fault fault;
        std::size_t left;
        std::string pathPrefix;
    };
    struct All {
        Fault fault;
        std::string pathPrefix;
    };

    Fault take(std::deque<Some>::iterator const& one);

    std::deque<Some> next_;
    std::vector<All> always_;
};

} // namespace httptest::testing
