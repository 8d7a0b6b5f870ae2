#include "channel.hpp"

#include <Poco/Exception.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace soak {

namespace {

constexpr std::string_view endOfLine = "\r\n";
constexpr std::string_view endOfHead = "\r\n\r\n";

} // namespace

std::string_view Message::startLine() const {
    return std::string_view(head).substr(0, head.find(endOfLine));
}

std::string_view Message::field(std::string_view name) const {
    std::string_view rest = head;
    for (std::size_t end = rest.find(endOfLine); end != std::string_view::npos; end = rest.find(endOfLine)) {
        std::string_view const line = rest.substr(0, end);
        rest.remove_prefix(end + endOfLine.size());
        if (line.size() > name.size() && line[name.size()] == ':' &&
            Poco::icompare(std::string(line.substr(0, name.size())), std::string(name)) == 0) {
            std::string_view value = line.substr(name.size() + 1);
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            return value;
        }
    }
    return {};
}

std::optional<Message> Channel::read() {
    std::size_t end = 0;
    while ((end = pending_.find(endOfHead)) == std::string::npos) {
        if (!receive()) {
            return std::nullopt;
        }
    }
    Message message{pending_.substr(0, end + endOfHead.size()), {}};
    pending_.erase(0, message.head.size());
    auto const length = message.field("Content-Length");
    std::size_t const size = length.empty() ? 0 : std::stoul(std::string(length));
    while (pending_.size() < size) {
        if (!receive()) {
            return std::nullopt;
        }
    }
    message.body = pending_.substr(0, size);
    pending_.erase(0, size);
    return message;
}

void Channel::send(std::string_view bytes) {
    while (!bytes.empty()) {
        int const sent = socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool Channel::stale() const {
    return socket_.poll(Poco::Timespan(), Poco::Net::Socket::SELECT_READ);
}

bool Channel::receive() {
    std::array<char, 16384> buffer{};
    int const received = socket_.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
    if (received <= 0) {
        return false;
    }
    pending_.append(buffer.data(), static_cast<std::size_t>(received));
    return true;
}

} // namespace soak
