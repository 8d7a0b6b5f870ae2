# The fake control plane's own tests: a program of their own, since they start servers and runai-fake-control-plane.
add_executable(fake_control_plane_test
    ${CMAKE_CURRENT_LIST_DIR}/fake_access_rules_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_accounts_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_client.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_control_plane_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_departments_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_grants_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_logins_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_program_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_projects_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_workspace_templates_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/fake_workspaces_test.cpp
)
target_compile_definitions(fake_control_plane_test PRIVATE
    BOOST_TEST_DYN_LINK
    RUNAI_FAKE_CONTROL_PLANE="$<TARGET_FILE:runai-fake-control-plane>"
)
target_link_libraries(fake_control_plane_test PRIVATE
    runai::fake_control_plane
    httptest::testing
    Poco::Crypto Poco::Net Poco::NetSSL
    nlohmann_json::nlohmann_json
    Boost::unit_test_framework
    $<TARGET_NAME_IF_EXISTS:httptest_warnings>
)
add_dependencies(fake_control_plane_test runai-fake-control-plane)

if(COMMAND httptest_discover_tests)
    httptest_discover_tests(fake_control_plane_test BY suite LABELS unit)
endif()
