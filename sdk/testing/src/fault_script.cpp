#include "fault_script.hpp"

#include <algorithm>
#include <utility>

namespace httptest::testing {

namespace {

bool isForConnection(Fault const& fault) {
    Delivery probe;
    fault.applyTo(probe);
    return probe.reads == Delivery::Reads::nothing;
}

} // namespace

void FaultScript::addForNext(Fault fault, std::size_t requests, std::string pathPrefix) {
    if (requests > 0) {
        next_.push_back({std::move(fault), requests, std::move(pathPrefix)});
    }
}

void FaultScript::addForAll(Fault fault, std::string pathPrefix) {
    always_.push_back({std::move(fault), std::move(pathPrefix)});
}

void FaultScript::clear() {
    next_.clear();
    always_.clear();
}

std::optional<Fault> FaultScript::takeFor(std::string_view path) {
    auto const isFor = [&](auto const& one) { return path.starts_with(one.pathPrefix); };
    if (auto const found = std::find_if(next_.begin(), next_.end(), isFor); found != next_.end()) {
        return take(found);
    }
    auto const found = std::find_if(always_.rbegin(), always_.rend(), isFor);
    return found != always_.rend() ? std::optional(found->fault) : std::nullopt;
}

std::optional<Fault> FaultScript::takeForConnection() {
    if (!next_.empty()) {
        return isForConnection(next_.front().fault) ? std::optional(take(next_.begin())) : std::nullopt;
    }
    bool const always = !always_.empty() && isForConnection(always_.back().fault);
    return always ? std::optional(always_.back().fault) : std::nullopt;
}

Fault FaultScript::take(std::deque<Some>::iterator const& one) {
    Fault fault = one->fault;
    if (--one->left == 0) {
        next_.erase(one);
    }
    return fault;
}

} // namespace httptest::testing
