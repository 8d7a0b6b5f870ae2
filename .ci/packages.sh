# shellcheck shell=bash
# Sourced by tests/run, samples/run and .ci/run: makes sure that the packages they need are there.
#
#   require_packages build tests        installs what is missing as root on Debian or Ubuntu; else names it and exits 3
#
# With everything present it runs no package manager. HTTPTEST_SKIP_PACKAGE_CHECK=1 leaves all of it out, for packages
# in other places (CMAKE_PREFIX_PATH).

# group  Debian, Ubuntu        Fedora, RHEL         present if this command or file below /usr exists
package_table='
build    g++                   gcc-c++              c++
build    cmake                 cmake                cmake
build    ninja-build           ninja-build          ninja
build    libssl-dev            openssl-devel        /usr/include/openssl/ssl.h
build    libpoco-dev           poco-devel           /usr/include/Poco/Net/HTTPSClientSession.h
build    zlib1g-dev            zlib-devel           /usr/include/zlib.h
build    libboost-dev          boost-devel          /usr/include/boost/beast/http.hpp
build    libboost-test-dev     boost-devel          /usr/include/boost/test/unit_test.hpp
build    nlohmann-json3-dev    json-devel           /usr/include/nlohmann/json.hpp
tests    tinyproxy             tinyproxy            tinyproxy
tests    libvalijson-dev       valijson-devel       /usr/include/valijson/schema.hpp
fuzz     clang-14              clang                 clang++-14
fuzz     libclang-rt-14-dev    compiler-rt           /usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.fuzzer-x86_64.a
checks   clang-format-14       clang-tools-extra    clang-format-14
checks   clang-tidy-16         clang-tools-extra    clang-tidy-16
checks   cppcheck             cppcheck             cppcheck
checks   gcovr                gcovr                gcovr
checks   valgrind             valgrind             valgrind
checks   libxml2-utils         libxml2              xmllint
'

package_is_present() {
    local deb=$1 probe=$2
    if [[ $probe == /* ]]; then
        [[ -e $probe ]] && return
    else
        command -v "$probe" >/dev/null && return
    fi
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$deb" 2>/dev/null) == installed ]]
}

require_packages() {
    [[ -z ${HTTPTEST_SKIP_PACKAGE_CHECK:-} ]] || return 0
    local group deb rpm probe missing_debs=() missing_rpms=()
    while read -r group deb rpm probe; do
        if [[ " $* " == *" $group "* ]] && ! package_is_present "$deb" "$probe"; then
            missing_debs+=("$deb")
            missing_rpms+=("$rpm")
        fi
    done <<<"$package_table"

    if ((${#missing_debs[@]})); then
        if ((EUID == 0)) && command -v apt-get >/dev/null; then
            echo "Installing missing packages: ${missing_debs[*]}"
            export DEBIAN_FRONTEND=noninteractive
            if ! { apt-get update -q && apt-get install -qy --no-install-recommends "${missing_debs[@]}"; } </dev/null; then
                echo "error: apt-get could not install: ${missing_debs[*]}" >&2
                exit 3
            fi
        else
            {
                echo "error: packages are missing. Install them, or run this as root on Debian or Ubuntu:"
                echo "  Debian, Ubuntu: apt-get install --no-install-recommends ${missing_debs[*]}"
                echo "  Fedora, RHEL:   dnf install $(printf '%s\n' "${missing_rpms[@]}" | sort -u | paste -sd ' ')"
                echo "  (elsewhere: name their folder in CMAKE_PREFIX_PATH and set HTTPTEST_SKIP_PACKAGE_CHECK=1)"
            } >&2
            exit 3
        fi
    fi

    local version
    version=$(cmake --version | sed -n '1s/.* //p')
    if [[ $(printf '%s\n' 3.25 "$version" | sort -V | head -n 1) != 3.25 ]]; then
        echo "error: CMake 3.25 or later is needed; $(command -v cmake) is $version." >&2
        exit 3
    fi
}
