# What every target of this project is compiled with. Nothing here reaches the targets of a parent project:
# the variables are those of this directory, the warnings those of an interface target that is never exported.

if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 11)
      OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14))
    message(FATAL_ERROR
        "httptest-runai needs GCC 11 or clang 14 (C++20); this is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} "
        "(${CMAKE_CXX_COMPILER}). Choose another compiler with -DCMAKE_CXX_COMPILER=… in an empty build folder.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# The SDK looks for plugins relative to its own library, in the build tree as in an installation.
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(HTTPTEST_PLUGIN_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib/httptest-plugins")

if(PROJECT_IS_TOP_LEVEL)
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

    get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
    if(NOT multi_config AND NOT CMAKE_BUILD_TYPE)
        set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
    endif()

    find_program(HTTPTEST_CCACHE ccache DOC "Compiler cache, used when present")
    mark_as_advanced(HTTPTEST_CCACHE)
    if(HTTPTEST_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
        set(CMAKE_CXX_COMPILER_LAUNCHER "${HTTPTEST_CCACHE}")
    endif()
endif()

# The places that failures name (__builtin_FILE) are in programs that get installed: they name no folder of the build.
add_compile_options("-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

set(HTTPTEST_NO_UNDEFINED "-Wl,--no-undefined")
if(HTTPTEST_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(HTTPTEST_NO_UNDEFINED "") # clang links a sanitizer's own code into programs alone
endif()

if(HTTPTEST_SANITIZE)
    list(JOIN HTTPTEST_SANITIZE "," sanitizers)
    add_compile_options("-fsanitize=${sanitizers}" -fno-omit-frame-pointer)
    add_link_options("-fsanitize=${sanitizers}")
    if("undefined" IN_LIST HTTPTEST_SANITIZE)
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
endif()

add_library(httptest_warnings INTERFACE)
target_compile_options(httptest_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<BOOL:${HTTPTEST_WARNINGS_AS_ERRORS}>:-Werror>
    # GCC 12 reports a false overlap for `"literal" + std::string` when it optimises.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    # In a unity build every source counts as a header, and one's names are in scope of the next.
    $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-shadow>
    $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>)
if(HTTPTEST_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 finds its own <regex> uninitialised when it optimises with a sanitizer.
    target_compile_options(httptest_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
