#include "migrate/names.h"

#include <algorithm>
#include <fstream>
#include <unordered_set>

#include "listfile/list_read.h"
#include "probe/listed_sample.h"

namespace saring::tool {

void Names::add_file(const std::string& file, Progress& progress) {
    std::ifstream in(file, std::ios::binary);
    if (!in || in.peek() == std::ifstream::traits_type::eof())
        throw Error(ErrorKind::usage, file, msg("cannot be read, or is empty"),
                    msg("check the path and its permissions"));
    listfile::ListText text(in, file);
    auto read = read_list(text, {}, progress);
    if (read.list.format == list::ListFormat::rpz)
        throw Error(ErrorKind::usage, file, msg("is a policy zone"), msg("give it with --zone"));
    const auto& content = read.list;
    if (content.bad_count)
        throw Error(ErrorKind::usage, file + ":" + std::to_string(content.bad[0].line),
                    msg("\"%1\": %2", content.bad[0].text, content.bad[0].explanation()), msg("write one name a line"));
    require_list(read, text);
    for (std::size_t i = 0; i < content.names.size(); ++i)
        all_.push_back({name_of_key(content.names[i]), file, "listed"});
}

void Names::add_sample(const rpz::PolicyZone& zone, std::size_t size) {
    Reservoir<std::size_t> sample(size, engine_);
    for (std::size_t i = 0; i < zone.size(); ++i) sample.offer(i);
    for (auto i : sample.kept()) add_with_neighbours(zone.name(i), "zone");
}

void Names::add_sample(const ledger::Snapshot& snapshot, UnixTime now, std::size_t size) {
    std::unordered_set<policy::OrderIndex> in_force;
    snapshot.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        if (r.in_force(now)) in_force.insert(index);
    });
    for (const auto& listed : sample_listed(snapshot, in_force, size, engine_))
        add_with_neighbours(name_of_key(listed.key), "database");
}

void Names::add_below(const char* label, const OwnerName& name, const char* from, const char* relation) {
    try {
        all_.push_back({OwnerName::parse(std::string(label) + "." + name.to_string()), from, relation});
    } catch (const Error&) {  // the name would be too long
    }
}

void Names::add_with_neighbours(const OwnerName& name, const char* from) {
    all_.push_back({name, from, "listed"});
    add_below("www", name, from, "below");
    if (name.label_count() < 2) return;
    auto parent = name.parent();
    // A top-level domain itself has no site.
    if (parent.label_count() > 1) all_.push_back({parent, from, "parent"});
    add_below(("saring-" + std::to_string(engine_() % 100000)).c_str(), parent, from, "sibling");
}

std::vector<Candidate> Names::finish() {
    std::unordered_set<std::string> seen;
    std::vector<Candidate> out;
    // Listed names first, so that a name that is both listed and a neighbour counts as listed.
    std::stable_partition(all_.begin(), all_.end(),
                          [](const Candidate& c) { return std::string_view(c.relation) == "listed"; });
    for (auto& c : all_)
        if (seen.emplace(c.name.wire()).second) out.push_back(std::move(c));
    all_.clear();
    std::shuffle(out.begin(), out.end(), engine_);
    return out;
}

}  // namespace saring::tool
