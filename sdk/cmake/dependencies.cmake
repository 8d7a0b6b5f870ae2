# The packages of the SDK and the plugin. Those of tests and benchmarks are looked for where they are used,
# with the same macro.

# httptest_require(<package> <version> DEB <name> RPM <name> [COMPONENTS …])
#
# find_package() that says what to install when the package is missing.
macro(httptest_require package version)
    cmake_parse_arguments(HTTPTEST_REQUIRE "" "DEB;RPM" "COMPONENTS" ${ARGN})
    if(HTTPTEST_REQUIRE_COMPONENTS)
        find_package(${package} ${version} QUIET COMPONENTS ${HTTPTEST_REQUIRE_COMPONENTS})
    else()
        find_package(${package} ${version} QUIET)
    endif()
    if(NOT ${package}_FOUND)
        string(JOIN " " HTTPTEST_REQUIRE_WHAT ${package} ${version} ${HTTPTEST_REQUIRE_COMPONENTS})
        message(FATAL_ERROR
            "httptest-runai needs ${HTTPTEST_REQUIRE_WHAT} or later, which was not found.\n"
            "Install it:\n"
            "  Debian, Ubuntu: apt-get install ${HTTPTEST_REQUIRE_DEB}\n"
            "  Fedora, RHEL:   dnf install ${HTTPTEST_REQUIRE_RPM}\n"
            "or name its folder with -DCMAKE_PREFIX_PATH=…\n"
            "${${package}_NOT_FOUND_MESSAGE}")
    endif()
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
httptest_require(OpenSSL 3.0 DEB libssl-dev RPM openssl-devel)
httptest_require(ZLIB 1.2.11 DEB zlib1g-dev RPM zlib-devel)
httptest_require(Poco 1.11 DEB libpoco-dev RPM poco-devel COMPONENTS Foundation Net NetSSL Util)
httptest_require(Boost 1.74 DEB libboost-dev RPM boost-devel)
httptest_require(nlohmann_json 3.11 DEB nlohmann-json3-dev RPM json-devel)
