// Tables and views on the server. All names begin with saring_; docs/hits-fleet.md describes them. A change needs a new
// step in the .cc and a higher ship_schema_version.
#pragma once

#include <string>
#include <vector>

#include "ship/clickhouse.h"

namespace saring::ship {

constexpr unsigned ship_schema_version = 1;

struct SchemaVariant {
    bool replicated = false;         // ReplicatedMergeTree, ON CLUSTER
    bool distributed = false;        // one table over all shards, read by the views
    std::string cluster = "saring";  // its name in the server's configuration
};

// All statements for an empty database, in sequence, without final semicolons.
std::vector<std::string> schema_statements(const std::string& database, const SchemaVariant& variant);

// Creates missing tables and upgrades an older schema one version at a time. Throws Error(refused) when a newer program
// made the schema or a table has other columns; and what ClickHouse throws.
void ensure_schema(ClickHouse& server);

}  // namespace saring::ship
