#pragma once

#include <vector>

namespace soak {

struct Point {
    double x = 0;
    double y = 0;
};

/// How much y grows with x, by least squares; zero for fewer than two points or where all have one x.
inline double slope(std::vector<Point> const& points) {
    auto const count = static_cast<double>(points.size());
    Point sum;
    for (auto const& point : points) {
        sum.x += point.x;
        sum.y += point.y;
    }
    double above = 0;
    double below = 0;
    for (auto const& point : points) {
        double const dx = point.x - sum.x / count;
        above += dx * (point.y - sum.y / count);
        below += dx * dx;
    }
    return below > 0 ? above / below : 0;
}

} // namespace soak
