#include "migrate/answer_source.h"

#include <thread>

#include "base/error.h"
#include "program/language.h"

namespace saring::tool {

std::string AnswerSource::in_words() const { return tr("the %1 %2", tr(kind()), what()); }

void QueryPacer::wait() {
    auto now = std::chrono::steady_clock::now();
    if (now < next_) std::this_thread::sleep_until(next_);
    next_ = std::max(now, next_) + gap_;
}

ResolverSource::ResolverSource(const std::string& address, const std::string& option, unsigned timeout, unsigned rate,
                               list::Landings landings, std::optional<ProbeKey> probe)
    : client_(address, timeout, option), pace_(rate), landings_(std::move(landings)) {
    client_.mark_as_probes(std::move(probe));
    auto first = client_.ask_localhost();
    if (!first)
        throw Error(ErrorKind::network, msg("resolver %1", address), msg("does not answer"),
                    msg("check the address, and that the resolver allows this host"));
    if (first->rcode == rcode_refused)
        throw Error(ErrorKind::network, msg("resolver %1", address), msg("refuses this host"),
                    msg("query from an address that it allows"));
}

ObservedAnswer ResolverSource::see(const OwnerName& name) {
    pace_.wait();
    auto answer = client_.ask(name, "A");
    // No answer for one name can mean that it is dropped; no answer at all is an error.
    if (!answer && !client_.alive())
        throw Error(ErrorKind::network, msg("resolver %1", client_.address()), msg("has stopped answering"),
                    msg("start again, with a lower --rate if it limits its clients"));
    return observe(name, answer, landings_);
}

}  // namespace saring::tool
