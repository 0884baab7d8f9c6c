#include "receipt/receipt.h"

#include <sodium.h>

#include <algorithm>
#include <memory>

#include "base/file.h"
#include "base/output_file.h"
#include "input/secret_key.h"
#include "order/order.h"
#include "order/order_limits.h"
#include "order/parse_stored_order.h"
#include "output/output.h"
#include "program/session.h"
#include "receipt/report.h"
#include "terminal/terminal.h"
#include "trust/minisign.h"

namespace saring::tool {
namespace {

struct MakeOptions {
    std::vector<std::string> orders;
    std::string key, password_file, isp, output, selftest;
    bool json = false;
};

std::string read_selftest(const std::string& file) {
    auto text = read_file(file, receipt::max_receipt_bytes);
    Json j = Json::parse(text, nullptr, false);
    if (!j.is_object() || j.value("format", "") != "saring-selftest/1")
        throw Error(ErrorKind::usage, file, msg("is not the output of a selftest"),
                    msg("give a file that `selftest --json` printed"));
    return j.dump();
}

std::size_t rehearsals(const std::vector<receipt::ReceiptOrder>& orders) {
    return static_cast<std::size_t>(
        std::count_if(orders.begin(), orders.end(), [](const auto& r) { return r.rehearsed(); }));
}

void print_rehearsals(std::size_t n) {
    if (n)
        print(toned(tr("REHEARSAL"), Tone::bad) + ": " +
              trn("%1 order blocks nothing there (action log): it is not complied with",
                  "%1 orders block nothing there (action log): they are not complied with", n));
}

void make(Session& session, const MakeOptions& o) {
    if (o.isp.empty())
        throw Error(ErrorKind::usage, "--isp", msg("is empty"),
                    msg("name the ISP as the ministry's list of ISPs does"));
    if (shown(o.isp) != o.isp)
        throw Error(ErrorKind::usage, "--isp", msg("\"%1\" has characters that are not shown", o.isp),
                    msg("write it on one line, in letters, digits and signs"));
    std::string selftest = o.selftest.empty() ? "" : read_selftest(o.selftest);
    auto key = read_secret_key(o.key, o.password_file);
    Reading reading(session.database());
    auto receipt = receipt::make_receipt(reading.snapshot, session.config(), o.orders, o.isp, now_unix());
    receipt.selftest = selftest;
    Bytes document = receipt::format_receipt(receipt);
    auto signature = key.sign(document, "receipt of " + o.isp + ", made " + format_rfc3339(receipt.made));
    // The signature first: a reader in between sees an old receipt with a new signature, and refuses it.
    auto earlier = [](ByteView head) { return head.find(receipt::format_name) != ByteView::npos; };
    output_path(o.output, earlier);  // refused before the signature is replaced
    replace_output(o.output + ".minisig", signature.format(), trust::minisign::Signature::is_one);
    replace_output(o.output, document, earlier);
    auto rehearsed = rehearsals(receipt.orders);
    if (o.json)
        return print_json({{"file", o.output},
                           {"signature", o.output + ".minisig"},
                           {"orders", receipt.orders.size()},
                           {"rehearsed", rehearsed},
                           {"serial", receipt.serial}});
    print(tr("%1: %2 at serial %3, signed by key %4", shown(o.output),
             trn("%1 order", "%1 orders", receipt.orders.size()), receipt.serial,
             trust::minisign::to_string(signature.id)));
    print_rehearsals(rehearsed);
}

struct VerifyOptions {
    std::string file, key, order;
    bool json = false;
};

std::string deadline_text(const receipt::ReceiptOrder& r) {
    if (r.deadline == policy::never) return "-";
    if (r.rehearsed()) return format_rfc3339(r.deadline) + tr(" REHEARSAL");
    return format_rfc3339(r.deadline) + (r.deadline_met() ? tr(" met") : tr(" MISSED"));
}

std::string revoked_text(const receipt::ReceiptOrder& r) {
    if (r.revoked == policy::never) return "";
    return tr("%1 by %2", format_rfc3339(r.revoked), shown(r.revoked_by));
}

// The receipt's entry for exactly this document.
const receipt::ReceiptOrder& entry_of(const receipt::Receipt& receipt, const std::string& file) {
    Bytes document = read_file(file), digest(32, '\0');
    order::Order order = order::parse_stored_order(document, file);
    for (const auto& r : receipt.orders) {
        if (r.order != order.id) continue;
        crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                           reinterpret_cast<const unsigned char*>(document.data()), document.size(), nullptr, 0);
        if (hex(digest) != r.digest)
            throw Error(ErrorKind::trust, file,
                        msg("is not the document of order %1 that the receipt states: its digest differs", order.id),
                        msg("compare the two documents"));
        return r;
    }
    throw Error(ErrorKind::not_found, msg("order %1", order.id), msg("is not in the receipt"),
                msg("ask the ISP whether it has the order"));
}

void verify_receipt(Session& session, const VerifyOptions& o) {
    Bytes document = read_file(o.file, receipt::max_receipt_bytes);
    auto key = trust::minisign::PublicKey::parse(read_file(o.key, 4096), o.key);
    auto signature = trust::minisign::Signature::parse(read_file(o.file + ".minisig", 64u << 10), o.file + ".minisig");
    if (!trust::minisign::verify(key, signature, document))
        throw Error(ErrorKind::trust, o.file,
                    signature.id == key.id
                        ? msg("does not match its signature: it or the signature was changed")
                        : msg("is signed by another key, %1", trust::minisign::to_string(signature.id)),
                    msg("ask the ISP for it again"));
    auto receipt = receipt::parse_receipt(document, o.file);
    std::vector<receipt::ReceiptOrder> wanted =
        o.order.empty() ? receipt.orders : std::vector{entry_of(receipt, o.order)};
    bool missed = std::any_of(wanted.begin(), wanted.end(),
                              [](const auto& r) { return r.deadline != policy::never && !r.deadline_met(); });
    auto rehearsed = rehearsals(wanted);
    if (missed || rehearsed) session.exit_code = exit_no;
    if (o.json) {
        Json j{{"file", o.file},
               {"valid", true},
               {"key_id", trust::minisign::to_string(key.id)},
               {"isp", receipt.isp},
               {"made", format_rfc3339(receipt.made)},
               {"serial", receipt.serial},
               {"anchor",
                receipt.journal.empty() ? Json(nullptr) : Json(std::to_string(receipt.serial) + ":" + receipt.journal)},
               {"deadlines_met", !missed},
               {"rehearsed", rehearsed}};
        receipt.orders = wanted;
        j["orders"] = Json::parse(receipt::format_receipt(receipt))["orders"];
        j["selftest"] = receipt.selftest.empty() ? Json(nullptr) : Json::parse(receipt.selftest);
        return print_json(j);
    }
    print(tr("signed by key %1: receipt of %2, made %3, serial %4", trust::minisign::to_string(key.id),
             shown(receipt.isp), format_rfc3339(receipt.made), receipt.serial));
    std::vector<std::vector<std::string>> rows;
    for (const auto& r : wanted)
        rows.push_back({r.rehearsed() ? tr("REHEARSAL") : shown(r.status), shown(r.order),
                        shown(r.kind.empty() ? "-" : r.kind),
                        shown(r.action.empty() || r.kind == "lift" ? "-" : r.action), format_rfc3339(r.applied),
                        std::to_string(r.serial), deadline_text(r), std::to_string(r.names),
                        std::to_string(r.addresses), std::to_string(r.passed), revoked_text(r)});
    if (rows.empty()) return print(tr("it contains no orders"));
    print_table({tr("STATUS"), tr("ORDER"), tr("KIND"), tr("ACTION"), tr("APPLIED"), tr("SERIAL"), tr("DEADLINE"),
                 tr("NAMES"), tr("ADDRESSES"), tr("PASSED"), tr("REVOKED")},
                rows);
    for (const auto& r : wanted)
        for (const auto& l : r.lifted)
            print(tr("lifted from %1: %2, %3 by order %4", shown(r.order), shown(l.name), format_rfc3339(l.at),
                     shown(l.by)));
    for (const auto& r : wanted)
        for (const auto& h : r.quarantined)
            print(tr("quarantined in %1: %2: %3", shown(r.order), shown(h.target), shown(h.reason)));
    for (const auto& r : wanted)
        for (const auto& why : r.idle_lifts) print(tr("order %1: lifts nothing: %2", shown(r.order), shown(why)));
    print_rehearsals(rehearsed);
    if (!receipt.selftest.empty())
        print(
            tr("selftest: %1", Json::parse(receipt.selftest).value("passed", false) ? tr("passed") : tr("NOT PASSED")));
}

}  // namespace

void add_receipt_commands(CLI::App& app, Session& session) {
    auto* receipt = app.add_subcommand("receipt", tr("Receipts: signed statements of how orders were carried out"));
    receipt->require_subcommand(1);
    receipt->fallthrough();

    auto m = std::make_shared<MakeOptions>();
    auto* c =
        add_command(*receipt, "make", tr("Make a signed receipt of how the ministry's orders were carried out here"),
                    [m, &session] { make(session, *m); });
    c->add_option("--order", m->orders, tr("only this order (repeatable); default: all orders"))
        ->type_name("ID")
        ->allow_extra_args(false);
    c->add_option("--isp", m->isp, tr("the ISP's name, as in the ministry's list of ISPs"))
        ->required()
        ->type_name("NAME");
    c->add_option("--secret-key", m->key, tr("the ISP's secret key file, made by minisign or `key generate`"))
        ->required()
        ->type_name("FILE");
    c->add_option("--password-file", m->password_file, tr("read the key's password from this file's first line"))
        ->type_name("FILE");
    c->add_option("--selftest", m->selftest, tr("output of `selftest --json`, to be included"))->type_name("FILE");
    c->add_option("--output", m->output, tr("the receipt; its signature is FILE.minisig"))
        ->required()
        ->type_name("FILE");
    c->add_flag("--json", m->json, tr("answer in JSON"));
    c->footer(
        tr("A receipt contains neither lists nor the ISP's local entries.\n"
           "Example: blocklist-tool receipt make --isp 'ISP Uji' --secret-key isp.key --output receipt.json"));

    auto v = std::make_shared<VerifyOptions>();
    auto* check = add_command(*receipt, "verify", tr("Check a receipt's signature and show what it states"),
                              [v, &session] { verify_receipt(session, *v); });
    check->add_option("file", v->file, tr("the receipt, with FILE.minisig beside it"))->required()->type_name("FILE");
    check->add_option("--public-key", v->key, tr("the ISP's public key"))->required()->type_name("FILE");
    check->add_option("--order", v->order, tr("only the entry of this order file, found by id and digest"))
        ->type_name("FILE");
    check->add_flag("--json", v->json, tr("answer in JSON"));
    check->footer(
        tr("Exit code 0 if every deadline was met, 1 if one was missed or an order is only rehearsed or not in the "
           "receipt,\n"
           "4 if the signature or the order's digest does not match. KIND is block, or lift for an order that only\n"
           "lifts others. Names that another order lifted are listed with the time and that order.\n"
           "Example: blocklist-tool receipt verify receipt.json --public-key isp.pub --order order.json"));
    add_receipt_report(*receipt, session);
}

}  // namespace saring::tool
