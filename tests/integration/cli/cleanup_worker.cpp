// Makes projects that it promises to delete, and is killed before it can: cleanup_worker COUNT.

#include <httptest/cleanup.hpp>
#include <httptest/harness.hpp>
#include <httptest/unique_name.hpp>

#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

int main(int, char* argv[]) {
    try {
        httptest::Harness const harness;
        auto const session = harness.session();
        httptest::Cleanup cleanup;
        auto const clusters = session.get("/api/v1/clusters").send().json();
        int const count = std::stoi(argv[1]);
        for (int i = 0; i < count; ++i) {
            auto const project = session.post("/api/v1/org-unit/projects")
                                     .json({{"name", httptest::uniqueName("worker")},
                                            {"clusterId", clusters.at(0).at("uuid")},
                                            {"resources", {{{"gpu", {{"deserved", 0}}}}}}})
                                     .send()
                                     .json();
            auto const id = project.at("id").get<std::string>();
            cleanup.add(session.del("/api/v1/org-unit/projects/{id}").path("id", id));
        }
        std::raise(SIGKILL);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    return 1;
}
