# The fake control plane's own tests: a program of their own, since they start servers and runai-fake-control-plane.
httptest_test_program(fake_control_plane_test
    LABELS unit
    SOURCES
        ${CMAKE_CURRENT_LIST_DIR}/fake_client.cpp
        ${CMAKE_CURRENT_LIST_DIR}/fake_control_plane_test.cpp
        ${CMAKE_CURRENT_LIST_DIR}/fake_grants_test.cpp
        ${CMAKE_CURRENT_LIST_DIR}/fake_logins_test.cpp
        ${CMAKE_CURRENT_LIST_DIR}/fake_program_test.cpp
        ${CMAKE_CURRENT_LIST_DIR}/fake_projects_test.cpp
    LIBRARIES runai::fake_control_plane Poco::Crypto Poco::Net Poco::NetSSL nlohmann_json::nlohmann_json
)
target_compile_definitions(fake_control_plane_test PRIVATE
    RUNAI_FAKE_CONTROL_PLANE="$<TARGET_FILE:runai-fake-control-plane>"
)
add_dependencies(fake_control_plane_test runai-fake-control-plane)
