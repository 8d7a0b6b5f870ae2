#include "open_connections.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace runai::testing {

OpenConnections::Entry::Entry(OpenConnections& connections, int descriptor)
    : connections_(connections),
      descriptor_(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) {
    std::scoped_lock const lock(connections_.mutex_);
    connections_.descriptors_.insert(descriptor_);
    if (connections_.ended_) {
        ::shutdown(descriptor_, SHUT_RDWR);
    }
}

OpenConnections::Entry::~Entry() {
    {
        std::scoped_lock const lock(connections_.mutex_);
        connections_.descriptors_.erase(descriptor_);
    }
    ::close(descriptor_);
}

void OpenConnections::endAll() {
    std::scoped_lock const lock(mutex_);
    ended_ = true;
    for (auto const descriptor : descriptors_) {
        ::shutdown(descriptor, SHUT_RDWR);
    }
}

} // namespace runai::testing
