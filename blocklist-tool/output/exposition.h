// Writes Prometheus' text exposition format, version 0.0.4: metric families, each with help and type, and samples with
// escaped label values.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace saring::tool {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Exposition {
public:
    // Begins a family; the following samples belong to it.
    void gauge(const std::string& name, const std::string& help) { family(name, help, "gauge"); }
    void counter(const std::string& name, const std::string& help) {
        family(name, help, "counter");
    }  // name ends in _total
    void histogram(const std::string& name, const std::string& help) { family(name, help, "histogram"); }
    // `suffix`: "_bucket", "_sum" and "_count" of a histogram.
    void sample(double value, const Labels& labels = {}, const std::string& suffix = {});

    const std::string& text() const { return text_; }

private:
    void family(const std::string& name, const std::string& help, const char* type);
    std::string text_, name_;
};

}  // namespace saring::tool
