#include <memory>

#include "base/file.h"
#include "order/order.h"
#include "output.h"
#include "secret_key.h"
#include "session.h"
#include "trust/signature_files.h"

namespace saring::tool {

void add_order_sign(CLI::App& parent, Session&) {
    struct Options {
        std::string file, key, password_file, comment, output;
    };
    auto o = std::make_shared<Options>();
    auto* c = add_command(parent, "sign", tr("Add a signature to an order"), [o] {
        Bytes document = read_file(o->file);
        Order order = parse_order(document, o->file);  // nobody should sign what no ISP could read
        auto key = read_secret_key(o->key, o->password_file);
        std::string comment = o->comment.empty()
                                  ? "order " + order.id + ", signed " + format_rfc3339(now_unix())
                                  : o->comment;
        auto signature = key.sign(document, comment);
        std::string path = o->output.empty() ? signature_path(o->file, signature.id) : o->output;
        write_file(path, signature.format());
        print(path);
    });
    c->add_option("file", o->file, tr("the order"))->required()->type_name("FILE");
    c->add_option("--secret-key", o->key, tr("the secret key, as minisign or `key generate` makes it"))->required()->type_name("FILE");
    c->add_option("--password-file", o->password_file, tr("read the key's password from this file's first line"))->type_name("FILE");
    c->add_option("--trusted-comment", o->comment, tr("one line that the signature covers; default: the order's id and the time"));
    c->add_option("--output", o->output, tr("default: FILE.<key id>.minisig"))->type_name("FILE");
    c->footer(tr("Several people sign the same order; each signature is a file of its own.\n"
              "Example: blocklist-tool order sign order.json --secret-key kominfo.key"));
}

}  // namespace saring::tool
