#include "base/message.h"

#include "base/time_text.h"

namespace saring {
namespace {

// A placeholder without an argument stays in the text: a mistake in a catalogue is visible and harmless.
std::string filled(const char* format, const std::vector<Message>& arguments, Message::Lookup lookup) {
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::string out;
    for (const char* p = format; *p;) {
        std::size_t number = 0;
        const char* end = p;
        if (*p == '%' && digit(p[1]) && p[1] != '0')
            for (end = p + 1; digit(*end) && end - p <= 2; ++end)
                number = number * 10 + static_cast<std::size_t>(*end - '0');
        if (number == 0 || number > arguments.size()) {
            out += *p++;
            continue;
        }
        auto argument = arguments[number - 1].in(lookup);
        out += lookup ? in_shown_zone(argument) : argument;
        p = end;
    }
    return out;
}

}  // namespace

std::string Message::in(Lookup lookup) const {
    if (!one_) return text_;
    const char* format = lookup ? lookup(one_, many_, n_) : many_ && n_ != 1 ? many_ : one_;
    return filled(format, arguments_, lookup);
}

Message operator+(Message a, Message b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    return {"%1%2", nullptr, 0, {std::move(a), std::move(b)}};
}

}  // namespace saring
