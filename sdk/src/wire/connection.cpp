#include "wire/connection.hpp"

#include <array>
#include <string_view>

namespace httptest::wire {

namespace {

/// Requests up to this size are sent in one blocking call; larger ones must look out for an early reply meanwhile.
constexpr std::size_t smallRequest = std::size_t{20} * 1024;

} // namespace

/// One exchange: what is still to be sent, and the source of the reply's bytes.
class Connection::Conversation final : public ByteSource {
public:
    Conversation(Connection& connection, RequestText const& request, Watch& watch)
        : connection_(connection),
          stream_(connection.stream_),
          watch_(watch),
          unsent_{request.head, request.body},
          mayBlock_(watch.mayBlockForTicks(connection.fresh_ ? BootClock::now() : watch.start())) {}

    void begin() {
        enter(Phase::send);
        if (unsent_[1].empty() && unsent_[0].size() <= smallRequest) {
            push(mayBlock_);
        }
    }

    Bytes read(char* to, std::size_t room) override {
        if (connection_.gotBytes_) {
            auto const now = BootClock::now();
            watch_.check(now);
            mayBlock_ = mayBlock_ && watch_.mayBlockForTicks(now);
        }
        while (isSending()) {
            if (auto const early = sendOrReceive(to, room); early.count > 0 || early.end != End::none) {
                return early;
            }
        }
        if (!sendFailed_) {
            enter(connection_.gotBytes_ ? Phase::body : Phase::firstByte);
        }
        return receive(to, room);
    }

    bool sentAll() const noexcept { return unsent_[0].empty() && unsent_[1].empty(); }

private:
    /// The tunnel's request has one phase for all.
    void enter(Phase phase) noexcept {
        if (watch_.phase() != Phase::proxy) {
            watch_.enter(phase);
        }
    }

    bool isSending() const noexcept { return !sentAll() && !sendFailed_; }

    Moved push(bool mayBlock) {
        auto& piece = unsent_[0].empty() ? unsent_[1] : unsent_[0];
        auto const moved = stream_.send(piece, mayBlock, watch_);
        using enum Moved::State;
        if (moved.state == some) {
            piece.remove_prefix(moved.count);
        } else if (moved.state != wantRead && moved.state != wantWrite) {
            sendFailed_ = true; // a reply may wait nevertheless: a server may refuse an upload and close
        }
        return moved;
    }

    /// Sends a piece, or waits until the peer takes or says something. Returns what it said.
    Bytes sendOrReceive(char* to, std::size_t room) {
        auto const moved = push(false);
        if (moved.state == Moved::State::some) {
            watch_.check(BootClock::now());
        } else if (!sendFailed_) {
            bool const wantsRoom = moved.state == Moved::State::wantWrite;
            auto const seen =
                watch_.wait(stream_.descriptor(), static_cast<short>(wantsRoom ? POLLIN | POLLOUT : POLLIN));
            if ((seen & ~POLLOUT) != 0) {
                return take(stream_.receive(to, room, false, watch_));
            }
        }
        return {};
    }

    Bytes receive(char* to, std::size_t room) {
        // A reply cannot be there before its request has arrived; asking first would be a wasted call.
        bool const waitFirst =
            stream_.ssl() != nullptr && !connection_.gotBytes_ && !sendFailed_ && !stream_.hasBuffered();
        if (waitFirst) {
            watch_.wait(stream_.descriptor(), POLLIN);
        }
        for (;;) {
            auto const moved = stream_.receive(to, room, mayBlock_, watch_);
            if (moved.state == Moved::State::wantRead && mayBlock_ && stream_.ssl() == nullptr) {
                mayBlock_ = false; // it lasts: from here on waits are exact and can be cancelled at once
                continue;
            }
            if (moved.state == Moved::State::wantRead || moved.state == Moved::State::wantWrite) {
                watch_.wait(stream_.descriptor(), moved.state == Moved::State::wantRead ? POLLIN : POLLOUT);
                continue;
            }
            return take(moved);
        }
    }

    Bytes take(Moved const& moved) {
        switch (moved.state) {
        case Moved::State::some: connection_.gotBytes_ = true; return {moved.count, End::none};
        case Moved::State::closed: return {0, End::clean};
        case Moved::State::cut: return {0, End::cut};
        case Moved::State::reset: return {0, End::reset};
        case Moved::State::wantRead:
        case Moved::State::wantWrite: break;
        }
        return {};
    }

    Connection& connection_;
    Stream& stream_;
    Watch& watch_;
    std::array<std::string_view, 2> unsent_;
    bool mayBlock_;
    bool sendFailed_ = false;
};

Reply Connection::exchange(RequestText const& request, ReplyRules const& rules, Watch& watch) {
    watch.setPeer(facts_.get());
    gotBytes_ = false;
    Conversation conversation(*this, request, watch);
    conversation.begin();
    auto reply = readReply(conversation, rules, watch);
    fresh_ = false;
    reply.keepAlive = reply.keepAlive && conversation.sentAll() && !request.close;
    return reply;
}

} // namespace httptest::wire
