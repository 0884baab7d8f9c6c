#include <memory>

#include "base/output_file.h"
#include "state/metrics_text.h"

namespace saring::tool {

void add_metrics(CLI::App& app, Session& session) {
    auto path = std::make_shared<std::string>("-");
    auto* c = add_command(app, "metrics", tr("Print metrics in Prometheus text format"), [path, &session] {
        std::vector<QualityReading> readings;
        std::string text = metrics_text(session, now_unix(), &readings);
        replace_output(*path, text, [](ByteView head) { return head.starts_with("# HELP "); });
        if (*path != "-") keep_readings(session.config().quality, readings, now_unix());
    });
    c->add_option("--output", *path,
                  tr("file to replace, e.g. for node_exporter's textfile collector; -: standard output"))
        ->type_name("FILE");
    c->footer(
        tr("Metrics of module, database, feeds, hits and resolvers, in the text exposition format, version 0.0.4. A "
           "database\n"
           "that cannot be read sets saring_database_failing and is reported on standard error; the other metrics are\n"
           "printed. conf/prometheus has alert rules and a dashboard. With --output FILE, what resolvers tell of their "
           "service\n"
           "is also kept in quality.path, for `quality --since` and `hits report`.\n"
           "Example: blocklist-tool metrics --output /var/lib/prometheus/node-exporter/saring.prom"));
}

}  // namespace saring::tool
