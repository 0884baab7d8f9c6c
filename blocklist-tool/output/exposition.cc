#include "output/exposition.h"

#include <cmath>
#include <cstdio>

#include "output/output.h"

namespace saring::tool {
namespace {

std::string escaped(const std::string& value) {
    std::string out;
    for (char c : shown(value)) {  // shown() has replaced line feeds
        if (c == '\\' || c == '"') out.push_back('\\');
        out.push_back(c);
    }
    return out;
}

std::string number(double v) {
    char text[64];
    bool whole = std::abs(v) < 9007199254740992.0 && v == std::floor(v);
    std::snprintf(text, sizeof text, whole ? "%.0f" : "%.9g", v);
    return text;
}

}  // namespace

void Exposition::family(const std::string& name, const std::string& help, const char* type) {
    name_ = "saring_" + name;
    text_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n";
}

void Exposition::sample(double value, const Labels& labels, const std::string& suffix) {
    text_ += name_ + suffix;
    for (std::size_t i = 0; i < labels.size(); ++i)
        text_ += (i ? "," : "{") + labels[i].first + "=\"" + escaped(labels[i].second) + "\"";
    text_ += (labels.empty() ? " " : "} ") + number(value) + "\n";
}

}  // namespace saring::tool
