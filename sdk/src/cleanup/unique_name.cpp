#include "cleanup/composed_name.hpp"

#include <httptest/unique_name.hpp>

#include <cstdlib>
#include <random>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t tailLength = 8; // 41 bits

std::string randomTail() {
    constexpr std::string_view characters = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::random_device device; // without a seed that a fork()ed child would share
    std::uniform_int_distribution<std::size_t> any(0, characters.size() - 1);
    std::string tail;
    while (tail.size() < tailLength) {
        tail.push_back(characters[any(device)]);
    }
    return tail;
}

std::string_view variable(char const* name) {
    char const* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

} // namespace

std::string uniqueName(std::string_view prefix, std::size_t longest) {
    return cleanup::composedName(
        {prefix, variable("JOB_NAME"), variable("BUILD_NUMBER"), systemClock()->wall(), randomTail()}, longest);
}

} // namespace httptest::v1
