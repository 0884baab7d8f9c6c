// The tables and views on the server. Names begin with saring_; docs/hits-fleet.md tells
// what they answer. A change here is a step in the .cc and raises ship_schema_version.
#pragma once

#include <string>
#include <vector>

#include "ship/clickhouse.h"

namespace saring::ship {

constexpr unsigned ship_schema_version = 1;

struct SchemaVariant {
    bool replicated = false;         // ReplicatedMergeTree, ON CLUSTER
    bool distributed = false;        // one table over all shards, which the views read
    std::string cluster = "saring";  // as the server's configuration names it
};

// All of it, in order, for an empty database; without the ends of statements.
std::vector<std::string> schema_statements(const std::string& database, const SchemaVariant& variant);

// Makes what is missing, brings an older schema up to date one version at a time. Throws Error(refused) where
// a newer program made the schema, or a table of that name has other columns; and what ClickHouse throws.
void ensure_schema(ClickHouse& server);

}  // namespace saring::ship
