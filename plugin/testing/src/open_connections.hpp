#pragma once

#include <mutex>
#include <set>

namespace runai::testing {

/// The connections that are being served, so that the server can end them when it stops. Thread-safe.
///
/// They are shut down below TLS: an SSL object must not be touched while its thread reads from it.
class OpenConnections {
public:
    /// Ends when the connection has been served.
    class Entry {
    public:
        Entry(OpenConnections& connections, int descriptor);
        ~Entry();
        Entry(Entry const&) = delete;
        Entry& operator=(Entry const&) = delete;

    private:
        OpenConnections& connections_;
        int descriptor_; ///< A duplicate: the number of the original may belong to another file by now.
    };

    /// Shuts down all connections, and from now on each new one at once.
    void endAll();

private:
    std::mutex mutex_; // guards what follows
    std::set<int> descriptors_;
    bool ended_ = false;
};

} // namespace runai::testing
