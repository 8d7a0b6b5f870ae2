#include "session/gunzip.hpp"

#include <httptest/error.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace httptest::inline v1 {

namespace {

[[noreturn]] void refuseEncoded(std::string const& why) {
    throw BadReply(Phase::body, "the reply's gzip-encoded body " + why);
}

/// zlib's state for one file.
class Inflater {
public:
    explicit Inflater(std::string_view encoded) {
        constexpr int gzipOnly = 16; // added to the window's bits: neither zlib's own format nor raw deflate
        if (::inflateInit2(&stream_, MAX_WBITS + gzipOnly) != Z_OK) {
            throw std::bad_alloc();
        }
        // zlib does not write here; its interface is older than const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(encoded.data())); // NOLINT(*-const-cast)
        left_ = encoded.size();
    }
    ~Inflater() { ::inflateEnd(&stream_); }
    Inflater(Inflater const&) = delete;
    Inflater& operator=(Inflater const&) = delete;

    std::string decoded(std::size_t limit) {
        std::string result;
        while (left_ != 0) {
            inflateMember(result, limit);
            ::inflateReset(&stream_);
        }
        return result;
    }

private:
    void inflateMember(std::string& result, std::size_t limit) {
        for (int outcome = Z_OK; outcome != Z_STREAM_END;) {
            outcome = inflateSome();
            std::size_t const count = piece_.size() - stream_.avail_out;
            if (count > limit - result.size()) {
                throw ReplyTooLarge(Phase::body, "the reply's gzip-encoded body is longer than " +
                                                     std::to_string(limit) +
                                                     " bytes when it is decoded; raise max_body_bytes");
            }
            result.append(piece_.data(), count);
            if (outcome == Z_BUF_ERROR) { // no progress without more input
                refuseEncoded("is cut short");
            }
            if (outcome != Z_OK && outcome != Z_STREAM_END) {
                refuseEncoded(std::string("is corrupt: ") + (stream_.msg != nullptr ? stream_.msg : "no gzip"));
            }
        }
    }

    int inflateSome() {
        // zlib counts in 32 bits.
        auto const offered = static_cast<uInt>(std::min<std::size_t>(left_, std::numeric_limits<uInt>::max()));
        stream_.avail_in = offered;
        stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
        stream_.avail_out = static_cast<uInt>(piece_.size());
        int const outcome = ::inflate(&stream_, Z_NO_FLUSH);
        left_ -= offered - stream_.avail_in;
        return outcome;
    }

    z_stream stream_{};
    std::size_t left_ = 0;
    std::array<char, std::size_t{32} * 1024> piece_{};
};

} // namespace

std::string gunzipped(std::string_view encoded, std::size_t limit) {
    return Inflater(encoded).decoded(limit);
}

} // namespace httptest::v1
