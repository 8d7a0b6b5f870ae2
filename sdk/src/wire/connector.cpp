#include "wire/connector.hpp"

#include "time_text.hpp"
#include "wire/text.hpp"

#include <Poco/Net/StreamSocketImpl.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

namespace httptest::wire {

using Poco::Net::SocketAddress;

namespace {

/// Poco's own way to make a socket leaves it open in programs that another thread starts (no SOCK_CLOEXEC).
class AdoptedSocket final : public Poco::Net::StreamSocket {
public:
    explicit AdoptedSocket(Descriptor descriptor)
        : StreamSocket(new Poco::Net::StreamSocketImpl(descriptor.release())) {} // the base class owns it
};

/// A connection being made to one address.
struct Attempt {
    SocketAddress const* address;
    Descriptor descriptor;
    SteadyTime giveUpAt;
};

class Race {
public:
    Race(std::vector<SocketAddress> const& addresses, std::chrono::nanoseconds timeout,
         std::chrono::nanoseconds stagger, Watch& watch)
        : addresses_(addresses),
          timeout_(timeout),
          stagger_(stagger),
          watch_(watch) {}

    ConnectedSocket run() {
        for (;;) {
            auto const now = BootClock::now();
            expire(now);
            if (next_ < addresses_.size() && (running_.empty() || now >= startNextAt_)) {
                start(addresses_[next_++], now);
                if (winner_) {
                    return finish();
                }
                continue;
            }
            if (running_.empty()) {
                lose();
            }
            waitForAny();
            if (winner_) {
                return finish();
            }
        }
    }

private:
    void start(SocketAddress const& address, SteadyTime now) {
        startNextAt_ = later(now, stagger_);
        Attempt attempt{&address, Descriptor(::socket(address.af(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
                        later(now, timeout_)};
        bool const opened = static_cast<bool>(attempt.descriptor);
        if (opened && ::connect(attempt.descriptor.get(), address.addr(), address.length()) == 0) {
            win(attempt);
        } else if (opened && errno == EINPROGRESS) {
            running_.push_back(std::move(attempt));
        } else {
            fail(address, errnoText(errno));
        }
    }

    void waitForAny() {
        std::array<pollfd, maxWaited> waited{};
        auto until = next_ < addresses_.size() ? startNextAt_ : SteadyTime::max();
        for (std::size_t i = 0; i < running_.size(); ++i) {
            waited[i] = {running_[i].descriptor.get(), POLLOUT, 0};
            until = std::min(until, running_[i].giveUpAt);
        }
        if (!watch_.wait(std::span(waited.data(), running_.size()), until)) {
            return;
        }
        for (std::size_t i = running_.size(); i-- > 0 && !winner_;) {
            if (waited[i].revents != 0) {
                settle(i);
            }
        }
    }

    void settle(std::size_t index) {
        int error = 0;
        socklen_t size = sizeof error;
        auto attempt = std::move(running_[index]);
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(index));
        if (::getsockopt(attempt.descriptor.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
            error = errno;
        }
        if (error == 0) {
            win(attempt);
        } else {
            fail(*attempt.address, errnoText(error));
        }
    }

    void expire(SteadyTime now) {
        std::erase_if(running_, [&](Attempt const& attempt) {
            bool const over = now >= attempt.giveUpAt;
            if (over) {
                fail(*attempt.address, "no answer within " + seconds(timeout_));
            }
            return over;
        });
    }

    void win(Attempt& attempt) {
        winner_ = std::move(attempt.descriptor);
        peer_ = attempt.address;
    }

    void fail(SocketAddress const& address, std::string const& why) {
        failures_ += (failures_.empty() ? "" : "; ") + address.toString() + ": " + why;
    }

    [[noreturn]] void lose() {
        watch_.fail<ConnectFailed>((addresses_.size() == 1 ? "cannot connect: " : "cannot connect to any address: ") +
                                   failures_);
    }

    ConnectedSocket finish() {
        int const on = 1;
        // Small requests must not wait for acknowledgements of earlier ones. It cannot fail on a TCP socket.
        ::setsockopt(winner_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        AdoptedSocket socket(std::move(winner_));
        socket.setBlocking(false);
        return {socket, *peer_};
    }

    std::vector<SocketAddress> const& addresses_;
    std::chrono::nanoseconds timeout_;
    std::chrono::nanoseconds stagger_;
    Watch& watch_;
    std::vector<Attempt> running_;
    std::size_t next_ = 0;
    SteadyTime startNextAt_;
    std::string failures_;
    Descriptor winner_;
    SocketAddress const* peer_ = nullptr;
};

} // namespace

ConnectedSocket connectToAny(std::vector<SocketAddress> const& addresses, std::chrono::nanoseconds timeout,
                             std::chrono::nanoseconds stagger, Watch& watch) {
    return Race(addresses, timeout, stagger, watch).run();
}

} // namespace httptest::wire
