#include "wire/resolver.hpp"

#include "token/fork_registry.hpp"
#include "wire/text.hpp"

#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

namespace httptest::wire {

using Poco::Net::SocketAddress;

namespace {

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

/// Calls getaddrinfo; returns its error number.
int look(std::string const& host, int flags, Addresses& found) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* list = nullptr;
    int const error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    found.reset(list);
    return error;
}

void append(std::vector<SocketAddress>& to, addrinfo const* list) {
    for (; list != nullptr && to.size() < maxWaited; list = list->ai_next) {
        if (list->ai_family == AF_INET || list->ai_family == AF_INET6) {
            to.emplace_back(list->ai_addr, list->ai_addrlen);
        }
    }
}

/// Only the two families that exist here; Poco keeps an address's port inside it.
SocketAddress withPort(SocketAddress const& address, std::uint16_t port) {
    sockaddr_storage storage{};
    std::copy_n(reinterpret_cast<char const*>(address.addr()), address.length(), reinterpret_cast<char*>(&storage));
    auto const network = htons(port);
    if (address.af() == AF_INET6) {
        reinterpret_cast<sockaddr_in6&>(storage).sin6_port = network;
    } else {
        reinterpret_cast<sockaddr_in&>(storage).sin_port = network;
    }
    return {reinterpret_cast<sockaddr const*>(&storage), address.length()};
}

std::string reason(int error) {
    return error == EAI_SYSTEM ? errnoText(errno) : ::gai_strerror(error);
}

/// One look-up under way. Owned by its thread and by all who wait for it.
struct Lookup {
    explicit Lookup(std::string name) : host(std::move(name)), done(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

    std::string const host;
    Descriptor const done; ///< Readable, for ever, once the result is there.
    // Written by the thread before `done` is signalled, read by others after they saw that under the mutex.
    std::mutex mutex;
    bool finished = false;
    std::vector<SocketAddress> addresses;
    std::string error;
};

std::vector<SocketAddress> literals(std::string const& host) {
    std::vector<SocketAddress> result;
    Addresses found;
    if (look(host, AI_NUMERICHOST, found) == 0) {
        append(result, found.get());
    }
    return result;
}

void askSystem(Lookup const& lookup, std::vector<SocketAddress>& addresses, std::string& error) {
    Addresses found;
    if (int const failed = look(lookup.host, AI_ADDRCONFIG, found); failed != 0) {
        error = reason(failed);
    } else {
        append(addresses, found.get());
    }
}

void askCustom(ResolveName const& custom, Lookup const& lookup, std::vector<SocketAddress>& addresses,
               std::string& error) {
    for (auto const& text : custom(lookup.host)) {
        auto const parsed = literals(text);
        if (parsed.empty()) {
            error = "the custom resolver returned " + excerpt(text) + ", which is no address";
            return;
        }
        addresses.push_back(parsed.front());
    }
}

void run(Lookup& lookup, ResolveName const& custom) noexcept {
    std::vector<SocketAddress> addresses;
    std::string error;
    try {
        if (custom) {
            askCustom(custom, lookup, addresses, error);
        } else {
            askSystem(lookup, addresses, error);
        }
    } catch (std::exception const& failure) {
        error = failure.what();
    } catch (...) {
        error = "the custom resolver threw something that is no std::exception";
    }
    {
        std::lock_guard const lock(lookup.mutex);
        lookup.addresses = std::move(addresses);
        lookup.error = std::move(error);
        lookup.finished = true;
    }
    [[maybe_unused]] int const signalled = ::eventfd_write(lookup.done.get(), 1);
}

} // namespace

class Resolver::Lookups final : ForkAware {
public:
    explicit Lookups(ResolveName custom) : custom_(std::move(custom)) {}

    std::shared_ptr<Lookup> join(std::string const& host) {
        std::lock_guard const lock(mutex_);
        std::erase_if(running_, [](auto const& entry) { return entry.second.expired(); });
        auto& entry = running_[host];
        if (auto running = entry.lock(); running && !isFinished(*running)) {
            return running;
        }
        auto lookup = std::make_shared<Lookup>(host);
        if (!lookup->done) {
            throw std::system_error(errno, std::generic_category(), "eventfd");
        }
        // The thread outlives this object where nobody can wait any longer, so it shares everything that it uses.
        std::thread([lookup, custom = custom_] { run(*lookup, custom); }).detach();
        entry = lookup;
        return lookup;
    }

private:
    static bool isFinished(Lookup& lookup) {
        std::lock_guard const lock(lookup.mutex);
        return lookup.finished;
    }

    void beforeFork() override { mutex_.lock(); }
    void afterForkInParent() override { mutex_.unlock(); }
    void afterForkInChild() override {
        running_.clear(); // their threads are the parent's
        mutex_.unlock();
    }

    ResolveName const custom_;
    std::mutex mutex_; // guards running_
    std::map<std::string, std::weak_ptr<Lookup>> running_;
    ForkRegistration registration_{*this};
};

Resolver::Resolver(ResolveName custom) : lookups_(std::make_unique<Lookups>(std::move(custom))) {}

Resolver::~Resolver() = default;

std::vector<SocketAddress> Resolver::resolve(std::string const& host, std::uint16_t port, Watch& watch) {
    if (host == "localhost") {
        return {SocketAddress("127.0.0.1", port), SocketAddress("::1", port)};
    }
    auto addresses = literals(host);
    if (addresses.empty()) {
        std::shared_ptr<Lookup> lookup;
        try {
            lookup = lookups_->join(host);
        } catch (std::system_error const& error) {
            watch.fail<NameNotResolved>("the name " + host + " cannot be looked up: " + error.what());
        }
        while (watch.wait(lookup->done.get(), POLLIN) == 0) {
        }
        std::lock_guard const lock(lookup->mutex);
        if (lookup->addresses.empty()) {
            watch.fail<NameNotResolved>("the name " + host + " cannot be resolved: " +
                                        (lookup->error.empty() ? "it has no address" : lookup->error) +
                                        "; check its spelling, and this machine's name service");
        }
        addresses = lookup->addresses;
    }
    for (auto& address : addresses) {
        address = withPort(address, port);
    }
    return addresses;
}

} // namespace httptest::wire
