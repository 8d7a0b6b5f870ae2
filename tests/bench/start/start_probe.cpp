// A process that links the library and goes as far as its argument says.

#include <httptest/harness.hpp>

#include <cstdio>
#include <exception>
#include <string_view>

/// start_probe nothing|configure|request|login
int main(int argc, char** argv) {
    std::string_view const what = argc > 1 ? argv[1] : "nothing";
    if (what == "nothing") {
        return 0;
    }
    try {
        httptest::Harness harness;
        if (what == "request") {
            return harness.session().get("/reply").anonymous().send().status() == 200 ? 0 : 1;
        }
        if (what == "login") {
            return harness.session().get("/reply").send().attachment().attached() ? 0 : 1;
        }
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "start_probe: %s\n", error.what());
        return 1;
    }
}
