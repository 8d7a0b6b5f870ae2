// The token's state machine: the events are the input's, the promises those of the model in tests/support.

#include "input.hpp"

#include "support/lifecycle_model.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Input input(data, size);
    httptest::model::LifecycleModel model([&](std::uint32_t below) { return input.draw(below); },
                                          [](bool held, char const* promise) { require(held, promise); });
    while (!input.empty()) {
        model.step();
    }
    return 0;
}
