#include "gzip.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace httptest::testing {

namespace {

class Deflater {
public:
    Deflater() {
        constexpr int gzipForm = 16; // added to the window's bits
        constexpr int usualMemory = 8;
        if (::deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzipForm, usualMemory,
                           Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~Deflater() { ::deflateEnd(&stream_); }
    Deflater(Deflater const&) = delete;
    Deflater& operator=(Deflater const&) = delete;

    void add(std::string_view text) { run(text, Z_NO_FLUSH); }

    std::string finish() {
        run({}, Z_FINISH);
        return std::move(result_);
    }

private:
    void run(std::string_view text, int flush) {
        // zlib does not write here; its interface is older than const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // NOLINT(*-const-cast)
        stream_.avail_in = static_cast<uInt>(text.size());
        do {
            std::array<char, std::size_t{16} * 1024> piece{};
            stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
            stream_.avail_out = static_cast<uInt>(piece.size());
            static_cast<void>(::deflate(&stream_, flush)); // out of room is no error here, and it makes no other
            result_.append(piece.data(), piece.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

    z_stream stream_{};
    std::string result_;
};

} // namespace

std::string gzipped(std::string_view text) {
    return gzipped(text, 1);
}

std::string gzipped(std::string_view piece, std::size_t times) {
    Deflater deflater;
    for (std::size_t i = 0; i < times; ++i) {
        deflater.add(piece);
    }
    return deflater.finish();
}

} // namespace httptest::testing
