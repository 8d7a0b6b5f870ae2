#pragma once

#include <condition_variable>
#include <mutex>

namespace soak {

/// Lets a measurement wait until nothing is under way, and the workers wait until it is over.
class Pause {
public:
    /// Held by a worker while it works.
    class Work {
    public:
        explicit Work(Pause& pause) : pause_(pause) {
            std::unique_lock lock(pause_.mutex_);
            pause_.changed_.wait(lock, [this] { return !pause_.wanted_; });
            ++pause_.working_;
        }
        ~Work() {
            std::scoped_lock const lock(pause_.mutex_);
            if (--pause_.working_ == 0 && pause_.wanted_) {
                pause_.changed_.notify_all();
            }
        }
        Work(Work const&) = delete;
        Work& operator=(Work const&) = delete;

    private:
        Pause& pause_;
    };

    template <class Measure>
    auto during(Measure measure) {
        std::unique_lock lock(mutex_);
        wanted_ = true;
        changed_.wait(lock, [this] { return working_ == 0; });
        auto result = measure();
        wanted_ = false;
        changed_.notify_all();
        return result;
    }

private:
    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    int working_ = 0;
    bool wanted_ = false;
};

} // namespace soak
