// A random sample of a stream of unknown length (reservoir sampling).
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace saring::tool {

using Engine = std::mt19937;

// Keeps `size` of the offered items, each with the same probability.
template <typename T>
class Reservoir {
public:
    Reservoir(std::size_t size, Engine& engine) : size_(size), engine_(engine) {}
    void offer(const T& item) {
        ++seen_;
        if (kept_.size() < size_) kept_.push_back(item);
        else if (auto at = std::uniform_int_distribution<std::size_t>(0, seen_ - 1)(engine_); at < size_)
            kept_[at] = item;
    }
    const std::vector<T>& kept() const { return kept_; }

private:
    std::size_t size_, seen_ = 0;
    Engine& engine_;
    std::vector<T> kept_;
};

}  // namespace saring::tool
