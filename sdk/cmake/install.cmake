# The installed package. It may be moved: libraries find each other relative to themselves, and the SDK its plugins.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/httptest-runai")
set(plugin_dir "${CMAKE_INSTALL_LIBDIR}/httptest-plugins")

set_target_properties(httptest_sdk PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS httptest_sdk EXPORT httptest-runai-targets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY sdk/include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT httptest-runai-targets NAMESPACE httptest:: DESTINATION "${package_dir}")

# Test doubles, in an export set of their own: as a static library they need OpenSSL's development files.
if(TARGET httptest_testing)
    install(TARGETS httptest_testing EXPORT httptest-runai-testing-targets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(DIRECTORY sdk/testing/include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
    install(EXPORT httptest-runai-testing-targets NAMESPACE httptest:: DESTINATION "${package_dir}")
endif()

set_target_properties(runai_plugin PROPERTIES INSTALL_RPATH "$ORIGIN/..")
install(TARGETS runai_plugin LIBRARY DESTINATION "${plugin_dir}")

cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY "${CMAKE_INSTALL_FULL_BINDIR}"
    OUTPUT_VARIABLE libdir_from_bindir)
foreach(program IN ITEMS httptest_command runai-fake-control-plane)
    if(TARGET ${program})
        set_target_properties(${program} PROPERTIES INSTALL_RPATH "$ORIGIN/${libdir_from_bindir}")
        install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
    endif()
endforeach()

configure_package_config_file(sdk/cmake/httptest-runai-config.cmake.in "${PROJECT_BINARY_DIR}/httptest-runai-config.cmake"
    INSTALL_DESTINATION "${package_dir}"
    PATH_VARS plugin_dir)
# Until 1.0 the source interface may change with every minor version.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/httptest-runai-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/httptest-runai-config.cmake"
    "${PROJECT_BINARY_DIR}/httptest-runai-config-version.cmake"
    sdk/cmake/HttptestDiscoverTests.cmake
    sdk/cmake/HttptestListTests.cmake
    DESTINATION "${package_dir}")
