# cmake -D CASE=<case> -D PROJECT=<dir> -D BINARY=<dir> -D MODULE=<HttptestDiscoverTests.cmake> -D OPTIONS=<…> -P check.cmake
#
# The tests of httptest_discover_tests(): a ctest of ctest. Every case is a macro below.
cmake_policy(VERSION 3.25)
get_filename_component(CTEST "${CMAKE_COMMAND}" DIRECTORY)
set(CTEST "${CTEST}/ctest")

# Runs a command; sets `output` and `exit_code`.
macro(run)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE exit_code)
endmacro()

function(check)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "THAT;OTHERWISE")
    if(NOT (${arg_THAT}))
        message(FATAL_ERROR "${CASE}: ${arg_OTHERWISE}\nexit code: ${exit_code}\noutput:\n${output}")
    endif()
endfunction()

function(expect_success)
    check(THAT exit_code EQUAL 0 OTHERWISE "the command should have succeeded")
endfunction()

function(expect_failure)
    check(THAT NOT exit_code EQUAL 0 OTHERWISE "the command should have failed")
endfunction()

function(expect_text)
    foreach(text IN LISTS ARGN)
        string(FIND "${output}" "${text}" position)
        check(THAT NOT position EQUAL -1 OTHERWISE "this is missing from the output: ${text}")
    endforeach()
endfunction()

function(expect_no_text)
    foreach(text IN LISTS ARGN)
        string(FIND "${output}" "${text}" position)
        check(THAT position EQUAL -1 OTHERWISE "this should not be in the output: ${text}")
    endforeach()
endfunction()

macro(configure binary)
    run(${CMAKE_COMMAND} -S "${PROJECT}" -B "${binary}" -G Ninja -D CMAKE_BUILD_TYPE=Debug -D "CMAKE_CXX_FLAGS_DEBUG=-O0"
        -D "DISCOVERY_MODULE=${MODULE}" ${OPTIONS} ${ARGN})
    expect_success()
endmacro()

# The one that the others rely on (a fixture of theirs).
macro(builds)
    file(REMOVE_RECURSE "${BINARY}")
    configure("${BINARY}" -D WITH_TROUBLE=ON)
    run(${CMAKE_COMMAND} --build "${BINARY}")
    expect_success()
endmacro()

macro(shows_a_test_that_is_not_built)
    configure("${BINARY}-unbuilt")
    run(${CTEST} --test-dir "${BINARY}-unbuilt" -N -L fast)
    expect_success()
    expect_text("cases_NOT_BUILT" "Total Tests: 1")
    run(${CTEST} --test-dir "${BINARY}-unbuilt")
    expect_failure()
    expect_text("skips_NOT_BUILT" "refuses_NOT_BUILT")
    file(REMOVE_RECURSE "${BINARY}-unbuilt")
endmacro()

macro(lists_every_case)
    run(${CTEST} --test-dir "${BINARY}" -N -R "^cases\\.")
    expect_text(
        ": cases.outside\n"
        ": cases.many_lines\n"
        ": cases.outer/same_name\n"
        ": cases.outer/inner/same_name\n"
        ": cases.outer/inner/disabled"
        ": cases.outer/inner/data/_0\n"
        ": cases.outer/inner/data/_1\n"
        ": cases.outer/inner/type<int>\n"
        ": cases.outer/inner/type<std__pair<int_ long>>\n"
        ": cases.all_disabled/never"
        ": cases.conditional/left_out\n"
        ": cases.odd/a [list]"
        "\"quoted\" \$x \${y} \\z #\n"
        ": cases.junit_files\n"
        "Total Tests: 13")
endmacro()

macro(runs_every_case)
    run(${CTEST} --test-dir "${BINARY}" -R "^cases\\." -j 2)
    expect_success()
    expect_text("100% tests passed, 0 tests failed out of 11" "cases.outer/inner/disabled (Disabled)"
        "cases.all_disabled/never (Disabled)")
endmacro()

macro(makes_labels_of_labels)
    run(${CTEST} --test-dir "${BINARY}" -N -L slow)
    expect_text("cases.outside" "cases.junit_files" "Total Tests: 2")
    run(${CTEST} --test-dir "${BINARY}" -N -L wide)   # a suite's label is that of its cases
    expect_text("cases.outer/same_name" "cases.outer/inner/same_name" "suite/outer" "Total Tests: 10")
endmacro()

macro(sets_properties)
    run(${CTEST} --test-dir "${BINARY}" --show-only=json-v1 -R "^cases\\.outside$")
    foreach(name_and_value IN ITEMS
            "\"name\" : \"TIMEOUT\",\n *\"value\" : 30" "\"name\" : \"RUN_SERIAL\",\n *\"value\" : true"
            "\"name\" : \"SKIP_RETURN_CODE\",\n *\"value\" : 77" "DISCOVERY_SENTENCE=two words")
        check(THAT output MATCHES "${name_and_value}" OTHERWISE "a property is missing: ${name_and_value}")
    endforeach()
    run(${CTEST} --test-dir "${BINARY}" --show-only=json-v1 -R "^cases$")
    check(THAT output MATCHES "\"FIXTURES_REQUIRED\",\n *\"value\" :[ \n]*\\[[ \n]*\"server\"" OTHERWISE "no fixture")
    file(READ "${BINARY}/cases-1-tests.cmake" output) # older CTests read these properties, but do not show them
    expect_text("TIMEOUT_SIGNAL_NAME SIGTERM TIMEOUT_SIGNAL_GRACE_PERIOD 5")
endmacro()

macro(lists_anew_when_arguments_change)
    run(${CMAKE_COMMAND} "${BINARY}" -D EXTRA_LABEL=later)
    run(${CMAKE_COMMAND} --build "${BINARY}")
    run(${CTEST} --test-dir "${BINARY}" -N -L later)
    expect_text("Total Tests: 13")
endmacro()

macro(runs_suites_without_their_disabled_cases)
    run(${CTEST} --test-dir "${BINARY}" -R "^suite/" -V)
    expect_success()
    expect_text("suite/outer" "suite/conditional" "suite/odd" "suite/cases_outside_suites" "suite/all_disabled (Disabled)"
        "0 tests failed out of 5" "Running 6 test cases..." "Running 2 test cases...")
    expect_no_text("a disabled case ran")
endmacro()

macro(runs_a_program_as_one_test)
    run(${CTEST} --test-dir "${BINARY}" -R "^cases$" -V)
    expect_success()
    expect_text("0 tests failed out of 1" "Running 10 test cases...")
endmacro()

macro(counts_77_as_skipped)
    run(${CTEST} --test-dir "${BINARY}" -R "^skips$")
    expect_success()
    expect_text("skips (Skipped)")
endmacro()

macro(ends_by_sigterm)
    run(${CTEST} --test-dir "${BINARY}" -R "^hangs$" --output-on-failure)
    expect_failure()
    expect_text("ended by SIGTERM")
endmacro()

macro(writes_one_record_for_each_case)
    file(REMOVE_RECURSE "${BINARY}/junit")
    run(${CTEST} --test-dir "${BINARY}" -R "^cases\\.|^suite/" -j 2)
    expect_success()
    file(GLOB files "${BINARY}/junit/cases.*.xml")
    list(LENGTH files count)
    check(THAT count EQUAL 10 OTHERWISE "expected ten files of cases: ${files}")
    foreach(file IN LISTS files)
        file(READ "${file}" output)
        string(REGEX MATCHALL "<testcase " records "${output}")
        check(THAT records STREQUAL "<testcase " OTHERWISE "${file} holds another number of records than one")
        check(THAT output MATCHES "</testsuite>$" OTHERWISE "${file} was cut")
    endforeach()
    file(GLOB file "${BINARY}/junit/suite_conditional*.xml")
    file(READ "${file}" output)
    expect_text("skipped=\"1\"" "precondition failed")
endmacro()

# What is printed when a program cannot be listed, whichever time that is found out.
set(said_of_crashes "crashes" "about to crash\; here is why" "DISCOVERY_MODE PRE_TEST" "--list_content=DOT")
set(said_of_refuses "ended with: 200" "no server at 127.0.0.1:9" "DISCOVERY_MODE PRE_TEST")
set(said_of_empty "has no cases")
set(said_of_foreign "printed no listing of Boost.Test" "usage: foreign FILE")

macro(fails_the_build_when_listing_fails)
    foreach(trouble IN ITEMS crashes refuses empty foreign)
        run(${CMAKE_COMMAND} --build "${BINARY}" --target ${trouble}_at_build)
        expect_failure()
        expect_text(${said_of_${trouble}})
    endforeach()
endmacro()

macro(fails_a_test_when_listing_fails)
    run(${CTEST} --test-dir "${BINARY}" -L trouble --output-on-failure)
    expect_failure()
    expect_text("0% tests passed, 4 tests failed out of 4")
    foreach(trouble IN ITEMS crashes refuses empty foreign)
        expect_text("${trouble}_NOT_LISTED" ${said_of_${trouble}})
    endforeach()
endmacro()

macro(refuses_wrong_arguments)
    file(REMOVE_RECURSE "${BINARY}-wrong")
    foreach(call_and_text IN ITEMS
            "nothing|there is no target"
            "program BY cases|BY is case, suite or program"
            "program DISCOVERY_MODE LATER|DISCOVERY_MODE is POST_BUILD or PRE_TEST"
            "program LABEL unit|unknown arguments: LABEL"
            "program JUNIT_DIR a,b|holds a colon or a comma")
        string(REPLACE "|" ";" call_and_text "${call_and_text}")
        list(POP_FRONT call_and_text call)
        file(WRITE "${BINARY}-wrong/program.c" "int main(void) { return 0; }\n")
        file(WRITE "${BINARY}-wrong/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)\nproject(wrong C)\n"
            "include([==[${MODULE}]==])\nadd_executable(program program.c)\nhttptest_discover_tests(${call})\n")
        run(${CMAKE_COMMAND} -S "${BINARY}-wrong" -B "${BINARY}-wrong/build" -G Ninja)
        expect_failure()
        string(REGEX REPLACE "[ \n]+" " " output "${output}")
        expect_text(${call_and_text})
    endforeach()
    file(REMOVE_RECURSE "${BINARY}-wrong")
endmacro()

cmake_language(CALL ${CASE})
