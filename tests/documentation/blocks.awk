# Makes one source of a document's blocks of C++. A block with declarations of cases or types stands at namespace scope,
# another in a function of its own; "…" is an empty statement. Errors are told at the document's lines.
#
#   awk -v document=<path> -f blocks.awk <document>

function close_block() {
    declares = block ~ /(^|\n)(BOOST_|struct |class )/
    printf "namespace block_%d {\n%s#line %d \"%s\"\n", count, declares ? "" : "void block() {\n", first, document
    printf "%s", block
    for (suites = gsub(/BOOST_AUTO_TEST_SUITE\(/, "&", block); suites > 0; --suites) print "BOOST_AUTO_TEST_SUITE_END()"
    print declares ? "}" : "}\n}"
}

BEGIN { print "#include \"context.hpp\"" }
/^```cpp$/ { inside = 1; block = ""; first = FNR + 1; next }
/^```$/ && inside {
    inside = 0
    ++count
    if (block !~ /BOOST_TEST_MODULE/) close_block() # a whole program is a sample, and compared with it
    next
}
inside { gsub(/…/, ";"); block = block $0 "\n" }
END { if (count == 0) { print "no blocks in " document > "/dev/stderr"; exit 1 } }
