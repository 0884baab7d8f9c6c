#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "admission/admit.h"
#include "base/file.h"
#include "base/output_file.h"
#include "base/standard_output.h"
#include "input/secret_key.h"
#include "order/check_new.h"
#include "output/order_summary.h"
#include "output/trust_output.h"
#include "program/session.h"
#include "settings/settings.h"
#include "trust/signature_files.h"

namespace saring::tool {
namespace {

struct OrderSignOptions {
    std::string file, key, password_file, comment, output;
    bool yes = false;
};

// Refuses a key that saring.toml does not trust for orders: no ISP would count its signature. Without saring.toml, as
// at the ministry, every key is accepted.
void require_role(const config::Config& config, const trust::minisign::PublicKey& key, UnixTime now) {
    const auto& keys = config.trust.keys;
    auto known = std::find_if(keys.begin(), keys.end(),
                              [&](const auto& k) { return k.key.id == key.id && k.key.key == key.key; });
    if (known == keys.end()) {
        bool has_order_keys = std::any_of(keys.begin(), keys.end(), [](const auto& k) {
            return std::find(k.roles.begin(), k.roles.end(), trust::KeyRole::order) != k.roles.end();
        });
        if (!has_order_keys) return;
        throw Error(ErrorKind::trust, msg("key %1", trust::minisign::to_string(key.id)),
                    msg("is not among the keys that %1 trusts", config.source),
                    msg("sign with one of these, or add its public half under [[trust.key]]; nothing was signed"));
    }
    if (auto why = why_not_trusted(*known, trust::KeyRole::order, now); !why.empty())
        throw Error(ErrorKind::trust, msg("key %1", known->name), why,
                    msg("sign with a key that %1 trusts for orders; nothing was signed", config.source));
}

bool agreed() {
    print(tr("Sign this order? [y/N] "), "");
    standard_output::flush();
    std::string answer;
    std::getline(std::cin, answer);
    std::transform(answer.begin(), answer.end(), answer.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return answer == "y" || answer == "yes" || answer == "ya";
}

void show_sufficiency(const trust::TrustPolicy& policy, const OrderSignOptions& o, ByteView document,
                      const trust::SignatureFile& fresh, UnixTime now) {
    try {
        auto files = trust::find_signatures(o.file);
        if (!o.output.empty()) files.push_back(fresh);
        print_sufficiency(policy, check_signatures(policy, trust::KeyRole::order, document, files, now), now);
    } catch (const Error& e) {  // the signature is written, but another beside it cannot be read
        complain(translated(e.message()));
    }
}

void sign(Session& session, const OrderSignOptions& o) {
    Bytes document = read_file(o.file);
    order::Order order = order::parse_order(document, o.file);  // refuses to sign an order that ISPs could not read
    check_new_order(order, o.file);
    UnixTime now = now_unix();
    admission::require_issued(order, now);
    // Before asking for the password: without a terminal nobody can confirm.
    if (!o.yes && ::isatty(STDIN_FILENO) == 0)
        throw Error(ErrorKind::usage, "--yes",
                    msg("is missing, and there is nobody to ask: standard input is not a terminal"),
                    msg("read the order first: blocklist-tool order show %1; then sign it with --yes", o.file));
    auto key = read_secret_key(o.key, o.password_file);
    auto config = settings::load_config(config::config_path(session.config_option), session.config_option.empty());
    require_role(config, key.public_key(), now);
    print_order_summary(order);
    if (!o.yes && !agreed()) {
        session.exit_code = exit_no;
        return print(tr("not signed"));
    }
    std::string comment = o.comment.empty() ? "order " + order.id + ", signed " + format_rfc3339(now) : o.comment;
    auto signature = key.sign(document, comment);
    std::string path = o.output.empty() ? trust::signature_path(o.file, signature.id) : o.output;
    replace_output(path, signature.format(), trust::minisign::Signature::is_one);
    if (!config.trust.keys.empty()) show_sufficiency(config.trust, o, document, {path, signature.format()}, now);
    print(path);
}

}  // namespace

void add_order_sign(CLI::App& parent, Session& session) {
    auto o = std::make_shared<OrderSignOptions>();
    auto* c = add_command(parent, "sign", tr("Show an order and add a signature to it"),
                          [o, &session] { sign(session, *o); });
    c->add_option("file", o->file, tr("the order"))->required()->type_name("FILE");
    c->add_option("--secret-key", o->key, tr("secret key file, made by minisign or `key generate`"))
        ->required()
        ->type_name("FILE");
    c->add_option("--password-file", o->password_file, tr("read the key's password from this file's first line"))
        ->type_name("FILE");
    c->add_option("--trusted-comment", o->comment,
                  tr("one line of text that is signed with the order; default: the order's id and the time"));
    c->add_option("--output", o->output, tr("default: FILE.<key id>.minisig"))->type_name("FILE");
    c->add_flag("--yes", o->yes, tr("sign without asking"));
    c->footer(
        tr("Shows the whole order first. Several people can sign the same order; each signature is a separate file. A "
           "key\n"
           "that saring.toml does not trust for orders is refused. Shows whether the signatures beside the order\n"
           "suffice, how many are missing, and which other keys of saring.toml may sign. Exit code 1 if the answer is\n"
           "no.\n"
           "Example: blocklist-tool order sign order.json --secret-key kominfo.key"));
}

}  // namespace saring::tool
