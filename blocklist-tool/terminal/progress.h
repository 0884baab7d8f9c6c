// Progress on standard error: on a terminal one line that is redrawn, with rate and remaining time; otherwise a plain
// line every ten seconds, for logs. Short work shows nothing.
#pragma once

#include <chrono>

#include "base/progress.h"

namespace saring::tool {

class TerminalProgress : public Progress {
public:
    enum class Where { terminal, anywhere };
    explicit TerminalProgress(bool quiet = false) : TerminalProgress(Where::anywhere, quiet) {}
    // `terminal`: nothing is printed to a log.
    TerminalProgress(Where where, bool quiet);
    ~TerminalProgress() override;
    void begin(const Message& what, const Message& unit, std::uint64_t total) override;
    void at(std::uint64_t done) override;
    void end() override;
    bool wanted() const override { return !quiet_; }

private:
    using Clock = std::chrono::steady_clock;
    std::string line(std::uint64_t done) const;
    void wipe();

    bool quiet_, terminal_;
    std::string what_, unit_;
    std::uint64_t total_ = 0, done_ = 0;
    Clock::time_point begun_, next_;
    bool drawn_ = false, logged_ = false;
};

}  // namespace saring::tool
