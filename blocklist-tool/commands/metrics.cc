#include <memory>

#include "base/output_file.h"
#include "state/metrics_text.h"

namespace saring::tool {

void add_metrics(CLI::App& app, Session& session) {
    auto path = std::make_shared<std::string>("-");
    auto* c = add_command(app, "metrics", tr("Tell how module, database, feeds and hits fare, for Prometheus"),
                          [path, &session] {
                              std::string text = metrics_text(session, now_unix());
                              OutputFile file(*path);
                              file.write(text);
                              file.commit();
                          });
    c->add_option("--output", *path,
                  tr("file to write whole, e.g. for node_exporter's textfile collector; -: standard output"))
        ->type_name("FILE");
    c->footer(
        tr("The text exposition format, version 0.0.4. What cannot be read is told by saring_database_failing and on\n"
           "standard error; the rest is written all the same. conf/prometheus has alert rules and a dashboard.\n"
           "Example: blocklist-tool metrics --output /var/lib/prometheus/node-exporter/saring.prom"));
}

}  // namespace saring::tool
