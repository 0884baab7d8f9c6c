#include "receipt/report.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace saring::receipt {

std::vector<Isp> parse_isps(ByteView text, const std::string& source) {
    std::vector<Isp> out;
    std::istringstream lines{std::string(text)};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        std::string where = source + ":" + std::to_string(++number);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        auto begin = line.find_first_not_of(" \t");
        if (begin == std::string::npos || line[begin] == '#') continue;
        auto space = line.find_first_of(" \t", begin), name = line.find_first_not_of(" \t", space);
        if (name == std::string::npos)
            throw Error(ErrorKind::usage, where, msg("\"%1\" has no name", line),
                        msg("write the public key (RW...) and then the ISP's name"));
        Isp isp;
        try {
            isp.key = trust::minisign::PublicKey::parse(line.substr(begin, space - begin), where);
        } catch (const Error& e) {
            throw Error(ErrorKind::usage, where, e.why(), msg("write the public key (RW...) and then the ISP's name"));
        }
        isp.name = line.substr(name, line.find_last_not_of(" \t") + 1 - name);
        for (const auto& other : out)
            if (other.name == isp.name || other.key.id == isp.key.id)
                throw Error(ErrorKind::usage, where, msg("\"%1\" has the name or key of \"%2\"", isp.name, other.name),
                            msg("keep one of them"));
        out.push_back(std::move(isp));
    }
    if (out.empty())
        throw Error(ErrorKind::usage, source, msg("has no ISP"),
                    msg("write one a line: its public key and then its name"));
    return out;
}

Receipt accept_receipt(const std::vector<Isp>& isps, ByteView document, ByteView signature, const std::string& source) {
    auto sig = trust::minisign::Signature::parse(signature, source + ".minisig");
    auto signer = std::find_if(isps.begin(), isps.end(), [&](const auto& i) { return i.key.id == sig.id; });
    if (signer == isps.end())
        throw Error(ErrorKind::trust, source,
                    msg("is signed by key %1, which is not an ISP's", trust::minisign::to_string(sig.id)),
                    msg("add it to the ISPs' file"));
    if (!trust::minisign::verify(signer->key, sig, document))
        throw Error(ErrorKind::trust, source, msg("does not match its signature: it or the signature was changed"),
                    msg("ask the ISP for it again"));
    auto receipt = parse_receipt(document, source);
    if (receipt.isp != signer->name)
        throw Error(ErrorKind::trust, source,
                    msg("is in the name of \"%1\" and signed by \"%2\"", receipt.isp, signer->name),
                    msg("ask who made it"));
    return receipt;
}

namespace {

std::vector<std::string> ReportLine::*place(const ReceiptOrder& o) {
    if (o.revoked != policy::never && o.lifting_order().empty()) return &ReportLine::lifted;
    if (o.rehearsed()) return &ReportLine::rehearsed;
    if (!o.quarantined.empty() || o.passed > 0 || !o.idle_lifts.empty()) return &ReportLine::partly;
    return o.deadline_met() ? &ReportLine::complied : &ReportLine::late;
}

void add_lifts(ReportLine& line, const ReceiptOrder& o, const std::string& isp) {
    auto add = [&](const LiftedFrom& l) {
        auto known = std::find_if(line.lifts.begin(), line.lifts.end(),
                                  [&](const auto& k) { return k.name == l.name && k.by == l.by; });
        if (known == line.lifts.end()) known = line.lifts.insert(known, {l.name, l.by, {}, l.at, l.at});
        known->isps.push_back(isp);
        known->first = std::min(known->first, l.at);
        known->last = std::max(known->last, l.at);
    };
    for (const auto& l : o.lifted) add(l);
    if (auto by = o.lifting_order(); !by.empty()) add({"", by, o.revoked});
}

}  // namespace

std::string ReceiptOrder::lifting_order() const {
    constexpr std::string_view word = "order ";
    return revoked != policy::never && revoked_by.rfind(word, 0) == 0 ? revoked_by.substr(word.size()) : "";
}

Report report(const std::vector<Isp>& isps, const std::vector<Receipt>& receipts,
              const std::vector<std::string>& orders) {
    std::map<std::string, const Receipt*> latest;
    for (const auto& r : receipts) {
        auto& known = latest[r.isp];
        if (!known || known->made < r.made) known = &r;
    }
    Report out;
    for (const auto& isp : isps) (latest.count(isp.name) ? out.reported : out.silent).push_back(isp.name);
    std::map<std::string, ReportLine> lines;
    for (const auto& id : orders) lines[id];
    for (const auto& [isp, receipt] : latest)
        for (const auto& o : receipt->orders) {
            if (!orders.empty() && !lines.count(o.order)) continue;
            auto& line = lines[o.order];
            line.deadline = std::min(line.deadline, o.deadline);
        }
    for (auto& [id, line] : lines) {
        line.order = id;
        for (const auto& isp : isps) {
            auto receipt = latest.find(isp.name);
            if (receipt == latest.end()) {
                line.silent.push_back(isp.name);
                continue;
            }
            const auto& stated = receipt->second->orders;
            auto o = std::find_if(stated.begin(), stated.end(),
                                  [&, &wanted = id](const auto& x) { return x.order == wanted; });
            (o == stated.end() ? line.missing : line.*place(*o)).push_back(isp.name);
            if (o == stated.end()) continue;
            if (line.kind.empty()) line.kind = o->kind;
            add_lifts(line, *o, isp.name);
        }
        out.orders.push_back(line);
    }
    return out;
}

}  // namespace saring::receipt
