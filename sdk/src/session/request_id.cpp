#include "session/request_id.hpp"

#include <pthread.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <random>

namespace httptest::inline v1 {

namespace {

/// From the kernel: neither time nor process number, which containers repeat.
std::uint64_t drawnProcessMark() {
    std::random_device kernel;
    return std::uint64_t{kernel()} << 32 | kernel();
}

/// Zero until one is drawn; atomic, so that nothing is locked when the process forks.
std::atomic<std::uint64_t> processMark{0};
std::atomic<std::uint64_t> requestsNumbered{0};

bool const childrenDrawTheirOwn = ::pthread_atfork(nullptr, nullptr, [] { processMark = 0; }) == 0;

std::uint64_t markOfThisProcess() {
    static_cast<void>(childrenDrawTheirOwn);
    std::uint64_t mark = processMark.load();
    if (mark == 0) {
        std::uint64_t const drawn = drawnProcessMark() | 1U;
        mark = processMark.compare_exchange_strong(mark, drawn) ? drawn : mark;
    }
    return mark;
}

} // namespace

std::string newRequestId() {
    constexpr std::size_t digitsOfMark = 16;
    std::array<char, digitsOfMark> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), markOfThisProcess(), digitsOfMark).ptr;
    std::string id = "httptest-";
    id.append(digits.data(), end).append("-");
    return id.append(std::to_string(requestsNumbered.fetch_add(1, std::memory_order_relaxed) + 1));
}

} // namespace httptest::v1
