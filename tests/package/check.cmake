# cmake -D CASE=<case> -D SOURCE=<dir> -D BUILD=<dir> -D WORK=<dir> -D LIBDIR=<dir> -D OPTIONS=<…>
#       -D COMPILER=<c++> -P check.cmake
#
# The tests of the installed package. Every case is a macro below.
cmake_policy(VERSION 3.25)
get_filename_component(CTEST "${CMAKE_COMMAND}" DIRECTORY)
set(CTEST "${CTEST}/ctest")
set(moved "${WORK}/moved to another place")

function(run)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE exit_code)
    if(NOT exit_code EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${CASE}: this ended with ${exit_code}: ${command}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

# The one that the others rely on (a fixture of theirs).
macro(installs_and_moves)
    file(REMOVE_RECURSE "${WORK}")
    run(${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/first" --strip)
    file(RENAME "${WORK}/first" "${moved}")
endmacro()

macro(names_no_folder_of_the_build)
    file(GLOB_RECURSE files LIST_DIRECTORIES false "${moved}/*")
    set(offenders "")
    foreach(file IN LISTS files)
        set(text "${file}")
        if(file MATCHES "\\.a$")   # --strip leaves archives their debug information, which names the sources
            set(text "${WORK}/without-debug-information.a")
            run(strip --strip-debug -o "${text}" "${file}")
        endif()
        foreach(folder IN ITEMS "${SOURCE}/" "${BUILD}" "${WORK}")
            execute_process(COMMAND grep -qF "${folder}" "${text}" RESULT_VARIABLE exit_code)
            if(exit_code EQUAL 0)
                list(APPEND offenders "${file} holds ${folder}")
            endif()
        endforeach()
    endforeach()
    if(NOT files OR offenders)
        list(JOIN offenders "\n  " offenders)
        message(FATAL_ERROR "An installation that can be moved names no folder of the build:\n  ${offenders}")
    endif()
endmacro()

# Fails when `library` exports a name that does not match `allowed`, naming it.
function(check_exports library allowed)
    run(nm --dynamic --defined-only --demangle "${library}")
    string(REPLACE ";" "," output "${output}")
    string(REGEX REPLACE "[][]" "|" output "${output}")
    string(STRIP "${output}" output)
    string(REPLACE "\n" ";" lines "${output}")
    set(offenders "")
    foreach(line IN LISTS lines)
        string(REGEX REPLACE "^[0-9a-f]+ . " "" symbol "${line}")
        if(NOT symbol MATCHES "${allowed}")
            string(APPEND offenders "\n  ${symbol}")
        endif()
    endforeach()
    if(offenders OR NOT lines)
        message(FATAL_ERROR "${library} exports more than its interface (or nothing):${offenders}")
    endif()
endfunction()

macro(exports_the_sdk_alone)
    check_exports("${moved}/${LIBDIR}/libhttptest.so"
        "^((vtable|VTT|typeinfo|typeinfo name) for |(non-)?virtual thunk to |guard variable for )?httptest::v1::")
endmacro()

macro(exports_the_plugins_entry_alone)
    check_exports("${moved}/${LIBDIR}/httptest-plugins/libhttptest-runai.so"
        "^pocoBuildManifest$")
endmacro()

macro(is_used_from_the_moved_place)
    set(binary "${WORK}/consumer")
    run(${CMAKE_COMMAND} -S "${SOURCE}/tests/package/consumer" -B "${binary}" -G Ninja
        -D "CMAKE_PREFIX_PATH=${moved}" -D CMAKE_BUILD_TYPE=Debug ${OPTIONS})
    run(${CMAKE_COMMAND} --build "${binary}")
    run(${CTEST} --test-dir "${binary}" --output-on-failure --no-tests=error)
    # The three cases of consumer.cpp and the program doubles.
    if(NOT output MATCHES "0 tests failed out of 4")
        message(FATAL_ERROR "Not all tests of the consumer ran:\n${output}")
    endif()
endmacro()

# Runs `mixed` against a fake control plane of the package, in an environment besides; once more losing memory, which
# LeakSanitizer must notice, since a check that cannot fail is none.
function(run_mixed binary)
    set(fake "${moved}/bin/runai-fake-control-plane")
    set(plane "${binary}/plane")
    execute_process(COMMAND setarch -R true RESULT_VARIABLE exit_code OUTPUT_QUIET ERROR_QUIET)
    set(launcher "")
    if(exit_code EQUAL 0)   # GCC 12's sanitizers cannot live with as much address randomisation as newer kernels do
        set(launcher setarch -R)
    endif()
    set(mixed ${launcher} ${CMAKE_COMMAND} -E env ${ARGN} "HTTPTEST_CONFIG=${plane}/config.json"
        "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1"
        "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1" "${binary}/mixed")
    run(${launcher} "${fake}" --start "${plane}")
    execute_process(COMMAND ${mixed} OUTPUT_VARIABLE clean ERROR_VARIABLE clean RESULT_VARIABLE clean_code)
    execute_process(COMMAND ${mixed} leak OUTPUT_VARIABLE leaking ERROR_VARIABLE leaking RESULT_VARIABLE leaking_code)
    run(${launcher} "${fake}" --stop "${plane}")
    if(NOT clean_code EQUAL 0 OR NOT clean STREQUAL "mixed: done\n")
        message(FATAL_ERROR "${CASE}: the program ended with ${clean_code}:\n${clean}")
    endif()
    if(leaking_code EQUAL 0 OR NOT leaking MATCHES "LeakSanitizer: detected memory leaks")
        message(FATAL_ERROR "${CASE}: a leak went unnoticed (${leaking_code}):\n${leaking}")
    endif()
endfunction()

# A suite that is built with sanitizers against a package that is not.
macro(serves_a_sanitized_program)
    set(binary "${WORK}/sanitized")
    run(${CMAKE_COMMAND} -S "${SOURCE}/tests/package/mixed" -B "${binary}" -G Ninja
        -D "CMAKE_PREFIX_PATH=${moved}" -D MIXED_SANITIZE=address,undefined -D "CMAKE_CXX_FLAGS=-O1 -g1" ${OPTIONS})
    run(${CMAKE_COMMAND} --build "${binary}")
    run_mixed("${binary}")
endmacro()

# The reverse. The runtime of AddressSanitizer wants to be the first library of a process: the program, which is not
# linked to it, gets it by LD_PRELOAD. Without that it ends at once, saying so.
macro(serves_a_plain_program_when_sanitized)
    set(binary "${WORK}/plain")
    run(${CMAKE_COMMAND} -S "${SOURCE}/tests/package/mixed" -B "${binary}" -G Ninja
        -D "CMAKE_PREFIX_PATH=${moved}" -D "CMAKE_CXX_FLAGS=-O1 -g1" ${OPTIONS})
    run(${CMAKE_COMMAND} --build "${binary}")
    run(${COMPILER} -print-file-name=libasan.so)
    string(STRIP "${output}" runtime)
    run_mixed("${binary}" "LD_PRELOAD=${runtime}")
endmacro()

# The command finds the SDK and the plugin relative to itself, whatever the folder is called.
macro(runs_the_command_from_the_moved_place)
    run(${CMAKE_COMMAND} -E env --unset=HTTPTEST_PLUGIN_PATH --unset=HTTPTEST_CONFIG --unset=HTTPTEST_PROVIDER
        --unset=LD_LIBRARY_PATH "${moved}/bin/httptest" plugins)
    string(REPLACE "/bin/../" "/" output "${output}") # the library's own path, as the loader found it
    string(FIND "${output}" "* runai  usable\n    file    ${moved}/${LIBDIR}/httptest-plugins/libhttptest-runai.so" found)
    if(found EQUAL -1)
        message(FATAL_ERROR "The moved command does not find the moved plugin:\n${output}")
    endif()
    run(${CMAKE_COMMAND} -E env --unset=LD_LIBRARY_PATH "${moved}/bin/httptest" doctor --help)
endmacro()

# Embedding is the same build again: one file is compiled, the rest is only configured.
macro(is_embedded_by_FetchContent)
    set(binary "${WORK}/embedding")
    run(${CMAKE_COMMAND} -S "${SOURCE}/tests/package/consumer" -B "${binary}" -G Ninja
        -D "EMBED=${SOURCE}" -D CMAKE_BUILD_TYPE=Debug -D FETCHCONTENT_FULLY_DISCONNECTED=ON ${OPTIONS})
    run(${CMAKE_COMMAND} --build "${binary}" --target CMakeFiles/consumer.dir/consumer.cpp.o)
    run(${CMAKE_COMMAND} --build "${binary}" --target help)
    foreach(target IN ITEMS httptest_sdk runai_plugin)
        if(NOT output MATCHES "${target}: phony")
            message(FATAL_ERROR "There is no target ${target} in an embedding build:\n${output}")
        endif()
    endforeach()
    run(${CTEST} --test-dir "${binary}" -N)
    if(NOT output MATCHES "Test +#1: consumer" OR output MATCHES "Test +#[0-9]+: [^c]")
        message(FATAL_ERROR "The package adds its own tests to the embedding project:\n${output}")
    endif()
endmacro()

# All of the above, built and run.
macro(is_built_and_used_embedded)
    set(binary "${WORK}/embedding")
    run(${CMAKE_COMMAND} -S "${SOURCE}/tests/package/consumer" -B "${binary}" -G Ninja
        -D "EMBED=${SOURCE}" -D CMAKE_BUILD_TYPE=Debug -D FETCHCONTENT_FULLY_DISCONNECTED=ON ${OPTIONS})
    run(${CMAKE_COMMAND} --build "${binary}" --target consumer)
    run(${CTEST} --test-dir "${binary}" --output-on-failure --no-tests=error)
endmacro()

cmake_language(CALL ${CASE})
