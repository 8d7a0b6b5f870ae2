#[[
httptest_discover_tests(<target>
  [BY case|suite|program]                  one CTest test for each case (default), top-level suite, or program
  [DISCOVERY_MODE POST_BUILD|PRE_TEST]     list the cases after linking (default), or when ctest starts
  [TEST_PREFIX <text>]                     default "<target>.", none BY program, whose one test is named <target>
  [LABELS <label>…]                        added to the labels of the cases, which become CTest labels too
  [ENVIRONMENT <NAME=value>…]              for the tests and for the listing
  [FIXTURES_REQUIRED <fixture>…]
  [TIMEOUT <seconds>]                      of one test
  [DISCOVERY_TIMEOUT <seconds>]            of the listing, default 60
  [WORKING_DIRECTORY <dir>]                default: the current binary folder
  [EXTRA_ARGS <arg>…]                      passed to the program, in the tests and in the listing
  [JUNIT_DIR <dir>]                        every test writes Boost.Test's JUnit file <dir>/<name of the test>.xml
  [PROPERTIES <name> <value>…])            any other test property

Registers the cases of a Boost.Test program (1.74 or later) with CTest. All values may hold generator expressions.

The program is run with `--list_content=DOT`, which runs no case and no fixture. A program that needs a server or
a device to be able to list its cases wants DISCOVERY_MODE PRE_TEST. A listing that fails, or that holds no case,
fails the build (POST_BUILD) or a test named <target>_NOT_LISTED (PRE_TEST), both of which show what the program
printed; there are never silently no tests. Before the first build ctest shows the test <target>_NOT_BUILT.

At its TIMEOUT a test gets SIGTERM, and SIGKILL 5 s later, from CMake 3.27 on; before, CTest kills at once. There,
`timeout` of coreutils does it, as the target's launcher, for each test and for the listing:
  set_target_properties(<target> PROPERTIES CROSSCOMPILING_EMULATOR "timeout;-s;TERM;-k;5;60")

A program that returns 77 counts as skipped, as one does in which httptest::skipUnless skipped all that was to run. Disabled cases are listed as disabled; BY suite and BY program leave
them out. With JUNIT_DIR and BY case or suite a clean-up test, <prefix>junit_files, takes the records of the cases
that a process was told to leave out from its file, since a reader of all files would count them many times.

Plugins of this package are built before the target, so that the tests find them.
]]
include_guard(GLOBAL)

set(_HTTPTEST_DISCOVERY_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/HttptestListTests.cmake"
    CACHE INTERNAL "Lists the cases of a Boost.Test program")

function(httptest_discover_tests target)
    set(oneValue BY DISCOVERY_MODE TEST_PREFIX TIMEOUT DISCOVERY_TIMEOUT WORKING_DIRECTORY JUNIT_DIR)
    set(multiValue LABELS ENVIRONMENT FIXTURES_REQUIRED EXTRA_ARGS PROPERTIES)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "${oneValue}" "${multiValue}")

    if(NOT TARGET ${target})
        message(FATAL_ERROR "httptest_discover_tests: there is no target \"${target}\".")
    endif()
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "EXECUTABLE")
        message(FATAL_ERROR "httptest_discover_tests: target \"${target}\" is not an executable (${type}).")
    endif()
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "httptest_discover_tests(${target}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()

    if(NOT arg_BY)
        set(arg_BY case)
    elseif(NOT arg_BY MATCHES "^(case|suite|program)$")
        message(FATAL_ERROR "httptest_discover_tests(${target}): BY is case, suite or program, not \"${arg_BY}\".")
    endif()
    if(NOT arg_DISCOVERY_MODE)
        set(arg_DISCOVERY_MODE POST_BUILD)
    elseif(NOT arg_DISCOVERY_MODE MATCHES "^(POST_BUILD|PRE_TEST)$")
        message(FATAL_ERROR
            "httptest_discover_tests(${target}): DISCOVERY_MODE is POST_BUILD or PRE_TEST, not \"${arg_DISCOVERY_MODE}\".")
    endif()
    if(NOT DEFINED arg_TEST_PREFIX AND NOT "TEST_PREFIX" IN_LIST ARGN AND NOT arg_BY STREQUAL "program")
        set(arg_TEST_PREFIX "${target}.")
    endif()
    if(NOT arg_DISCOVERY_TIMEOUT)
        set(arg_DISCOVERY_TIMEOUT 60)
    endif()
    if(NOT arg_WORKING_DIRECTORY)
        set(arg_WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    endif()
    if(arg_JUNIT_DIR)
        if(arg_JUNIT_DIR MATCHES "[:,]")
            message(FATAL_ERROR
                "httptest_discover_tests(${target}): JUNIT_DIR \"${arg_JUNIT_DIR}\" holds a colon or a comma, at which "
                "Boost.Test's --logger would cut it. Choose another folder.")
        endif()
        cmake_path(ABSOLUTE_PATH arg_JUNIT_DIR BASE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    endif()

    if(TARGET runai_plugin)
        add_dependencies(${target} runai_plugin)
    endif()

    # More than one call for a target is fine (other arguments, other prefix): each has files of its own.
    get_target_property(calls ${target} HTTPTEST_DISCOVERIES)
    if(NOT calls)
        set(calls 0)
    endif()
    math(EXPR calls "${calls} + 1")
    set_target_properties(${target} PROPERTIES HTTPTEST_DISCOVERIES ${calls})
    set(base "${CMAKE_CURRENT_BINARY_DIR}/${target}-${calls}")

    get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
    set(config_suffix "")
    set(ctest_config_suffix "")
    if(multi_config)
        set(config_suffix "-$<CONFIG>")
        set(ctest_config_suffix "-\${CTEST_CONFIGURATION_TYPE}")
    endif()

    # Everything the listing needs goes through a file: a command line would need every value quoted twice.
    set(settings "set(list_CMAKE [==[${CMAKE_COMMAND}]==])\n")
    string(APPEND settings "set(list_PROGRAM [==[$<TARGET_FILE:${target}>]==])\n")
    string(APPEND settings "set(list_EMULATOR [==[$<TARGET_PROPERTY:${target},CROSSCOMPILING_EMULATOR>]==])\n")
    string(APPEND settings "set(list_FILES [==[${base}${config_suffix}]==])\n")
    foreach(name IN LISTS oneValue multiValue)
        string(APPEND settings "set(list_${name} [==[${arg_${name}}]==])\n")
    endforeach()
    file(GENERATE OUTPUT "${base}${config_suffix}-settings.cmake" CONTENT "${settings}")

    if(arg_DISCOVERY_MODE STREQUAL "POST_BUILD")
        add_custom_command(TARGET ${target} POST_BUILD
            COMMAND ${CMAKE_COMMAND} -D "list_TARGET=${target}" -D "list_SETTINGS=${base}${config_suffix}-settings.cmake"
                            -P "${_HTTPTEST_DISCOVERY_SCRIPT}"
            BYPRODUCTS "${base}${config_suffix}-tests.cmake"
            COMMENT "Listing the cases of ${target}"
            VERBATIM)
        # Other labels or arguments need another listing, though the program is the same.
        set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS
            "${base}${config_suffix}-settings.cmake" "${_HTTPTEST_DISCOVERY_SCRIPT}")
    endif()

    # ctest reads this one. It must not fail before the first build, nor be silent about it.
    file(CONFIGURE OUTPUT "${base}-include.cmake" @ONLY CONTENT [[
set(list_TARGET [==[@target@]==])
set(list_LABELS [==[@arg_LABELS@]==])
set(list_PROGRAM "")
include("@base@@ctest_config_suffix@-settings.cmake" OPTIONAL)
set(list_IN_CTEST TRUE)
include([==[@_HTTPTEST_DISCOVERY_SCRIPT@]==])
]])
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${base}-include.cmake")
endfunction()
