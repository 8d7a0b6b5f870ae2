// Replies as the transport reads them from the wire, in pieces of any size.

#include "input.hpp"

#include "wire/message.hpp"

#include <httptest/error.hpp>
#include <httptest/url.hpp>

#include <algorithm>
#include <chrono>

namespace {

using namespace httptest;

constexpr std::size_t headerBytes = 4096;
constexpr std::size_t headerFields = 20;
constexpr std::size_t bodyBytes = 8192;

class Pieces final : public wire::ByteSource {
public:
    Pieces(std::string_view bytes, std::size_t size, wire::End end) : bytes_(bytes), size_(size), end_(end) {}

    wire::Bytes read(char* to, std::size_t room) override {
        if (bytes_.empty()) {
            return {0, end_};
        }
        std::size_t const count = std::min({room, size_, bytes_.size()});
        std::copy_n(bytes_.begin(), count, to);
        bytes_.remove_prefix(count);
        return {count, wire::End::none};
    }

private:
    std::string_view bytes_;
    std::size_t const size_;
    wire::End const end_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Input input(data, size);
    auto const end = static_cast<wire::End>(1 + input.draw(3));
    std::size_t const pieceSize = 1 + std::size_t{input.byte()} * 16;
    bool const noBody = input.draw(4) == 0;
    Pieces source(input.rest(), pieceSize, end);
    Request request;
    request.url = Url::parse("http://api.test/");
    wire::Watch watch(request, SteadyTime::max(), std::chrono::seconds(60), {});
    try {
        wire::Reply const reply = wire::readReply(
            source,
            {.noBody = noBody, .headerBytes = headerBytes, .headerFields = headerFields, .bodyBytes = bodyBytes},
            watch);
        Response const& response = reply.response;
        require(response.status >= 200 && response.status <= 999, "a reply is final");
        require(response.body.size() <= bodyBytes, "a body keeps to its limit");
        require(!noBody || response.body.empty(), "a reply without a body has none");
        require(!(reply.surplus && reply.keepAlive), "a connection with surplus bytes is not used again");
    } catch (TransportError const&) {
        return 0;
    }
    return 0;
}
