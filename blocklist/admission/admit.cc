#include "admission/admit.h"

namespace saring {

CheckedOrder check_order(const Config& config, const Submission& submission, bool scheduled, UnixTime now) {
    auto report = check_signatures(config.trust, KeyRole::order, submission.content, submission.signatures, now);
    require_trust(report, submission.source);
    CheckedOrder out{parse_order(submission.content, submission.source), {submission.content, {}}, report.names()};
    const Order& order = out.order;
    if (order.expires <= now)
        throw Error(ErrorKind::refused, "order " + order.id, "expired " + format_rfc3339(order.expires), "ask the authority for a new one");
    if (order.effective > now && !scheduled)
        throw Error(ErrorKind::refused, "order " + order.id, "takes effect only " + format_rfc3339(order.effective),
                    "apply it then, or now with --scheduled: it will begin by itself");
    for (const auto& s : submission.signatures)
        out.document.signatures.emplace_back(s.source.substr(s.source.rfind('/') + 1), s.content);
    return out;
}

Applied admit(Writer& writer, const CheckedOrder& checked, UnixTime now) {
    return writer.apply(checked.order, checked.document, checked.signers, now);
}

}  // namespace saring
