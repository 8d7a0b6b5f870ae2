#pragma once

#include <map>
#include <mutex>
#include <string>

namespace runai::testing {

/// Who may log in. Thread-safe.
class ClientRegistry {
public:
    void add(std::string const& id, std::string const& secret);
    /// Throws std::out_of_range for an unknown id.
    void setSecret(std::string const& id, std::string const& secret);
    void remove(std::string const& id);
    bool accepts(std::string const& id, std::string const& secret) const;

private:
    mutable std::mutex mutex_; // guards secrets_
    std::map<std::string, std::string> secrets_;
};

} // namespace runai::testing
