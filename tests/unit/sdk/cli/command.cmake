httptest_test_program(command_unit_tests
    LABELS unit
    SOURCES
        sdk/cli/arguments_test.cpp
        sdk/cli/duration_test.cpp
        sdk/cli/exit_code_test.cpp
        sdk/cli/token_facts_test.cpp
    LIBRARIES httptest_command_parts
)
target_sources(command_unit_tests PRIVATE $<TARGET_OBJECTS:httptest_internals>)
target_include_directories(command_unit_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
