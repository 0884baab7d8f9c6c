#include "rpz/zone_file.h"

#include <malloc.h>

#include <algorithm>
#include <array>

#include "rpz/zone_lines.h"

namespace saring::rpz {
namespace {

using ldns::Rdf;
using ldns::Rr;

constexpr std::uint32_t default_ttl = 3600;  // a list ignores it

struct Word {
    std::size_t at = std::string::npos, size = 0;
    std::string_view in(const std::string& s) const {
        return at == std::string::npos ? std::string_view() : std::string_view(s).substr(at, size);
    }
};

Word word_from(const std::string& text, std::size_t from) {
    auto at = text.find_first_not_of(" \t", from);
    if (at == std::string::npos) return {};
    auto end = text.find_first_of(" \t", at);
    return {at, (end == std::string::npos ? text.size() : end) - at};
}

// libldns accepts only TTL before class; RFC 1035 allows both orders.
void put_ttl_first(std::string& entry) {
    auto owner = entry[0] == ' ' || entry[0] == '\t' ? Word{0, 0} : word_from(entry, 0);
    auto cls = word_from(entry, owner.at + owner.size);
    if (cls.in(entry) != "IN" && cls.in(entry) != "in") return;
    auto ttl = word_from(entry, cls.at + cls.size);
    auto digits = ttl.in(entry);
    if (digits.empty() || digits[0] < '0' || digits[0] > '9') return;
    std::string turned = entry.substr(0, cls.at) + std::string(digits) + " IN" + entry.substr(ttl.at + ttl.size);
    entry = std::move(turned);
}

class Reader {
public:
    Reader(std::istream& in, const std::string& origin, RpzSink& sink, Progress& progress)
        : lines_(in), sink_(sink), progress_(progress), apex_(OwnerName::parse(origin)) {
        set_origin(origin);
    }

    std::uint64_t run() {
        std::string entry;
        for (std::uint64_t n = 0; lines_.next(entry); ++n) {
            if (n % 4096 == 0) progress_.at(lines_.bytes());
            Message fault = lines_.fault().empty() ? read(entry) : lines_.fault();
            if (fault.empty()) continue;
            owner_known_ = false;
            sink_.bad(lines_.first_line(), shortened(entry).substr(0, lines_.first_size()), fault);
            lines_.give_back();
        }
        return lines_.line();
    }

private:
    static std::string_view shortened(std::string_view text) { return text.substr(0, 200); }

    bool set_origin(const std::string& text) {
        ldns_rdf* name = nullptr;
        if (ldns_str2rdf_dname(&name, text.c_str()) != LDNS_STATUS_OK) return false;
        Rdf relative(name);
        if (!ldns_dname_str_absolute(text.c_str()) && origin_) {
            if (ldns_dname_cat(relative.get(), origin_.get()) != LDNS_STATUS_OK) return false;
        }
        origin_ = std::move(relative);
        return true;
    }

    // Parses an entry. Returns the error, or nothing.
    Message read(std::string& entry) {
        if (entry[0] == '$') return directive(entry);
        bool own_owner = entry[0] != ' ' && entry[0] != '\t';
        if (!own_owner && !owner_known_)
            return msg("has no owner name, and the record before it none that could be read");
        put_ttl_first(entry);
        ldns_rr* parsed = nullptr;
        auto status = ldns_rr_new_frm_str(&parsed, entry.c_str(), default_ttl, origin_.get(), &previous_);
        if (status != LDNS_STATUS_OK) return msg("is not a record: %1", ldns_get_errorstr_by_id(status));
        Rr rr(parsed);
        if (OwnerName owner; !owner_name_of(ldns_rr_owner(rr.get()), owner)) return no_owner(entry);
        owner_known_ = true;
        if (ldns_rr_get_type(rr.get()) == LDNS_RR_TYPE_SOA) return start(rr.get());
        some_read_ |= sink_.record(rr.get(), apex_, lines_.first_line(), shortened(entry));
        return {};
    }

    // libldns accepts names that are too long. Usually the name alone fits, but not with the origin appended.
    Message no_owner(const std::string& entry) const {
        OwnerName origin;
        try {
            auto size = OwnerName::parse(word_from(entry, 0).in(entry)).wire().size();
            if (owner_name_of(origin_.get(), origin))
                return msg(
                    "is too long for this zone: the name has %1 octets, with %2 behind it %3 of at most %4, so no "
                    "resolver can load it",
                    size, origin.to_string(), size + origin.wire().size() - 1, OwnerName::max_wire);
        } catch (const Error&) {}
        return msg("has no owner name of at most %1 octets", OwnerName::max_wire);
    }

    Message start(const ldns_rr* soa) {
        OwnerName owner;
        if (!owner_name_of(ldns_rr_owner(soa), owner)) return msg("has no owner name");
        if (owner != apex_ && (some_read_ || started_))
            return msg("is an SOA that is not the first record, of another zone than %1", apex_.to_string());
        apex_ = owner;
        if (!started_) sink_.serial(ldns_rdf2native_int32(ldns_rr_rdf(soa, 2)));
        started_ = true;
        return {};
    }

    Message directive(const std::string& entry) {
        auto name = word_from(entry, 0);
        auto argument = std::string(word_from(entry, name.size).in(entry));
        std::string word(name.in(entry));
        std::transform(word.begin(), word.end(), word.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        if (word == "$TTL") return {};
        if (word == "$ORIGIN")
            return !argument.empty() && set_origin(argument) ? Message() : msg("is an $ORIGIN without a name");
        if (word == "$INCLUDE") return msg("includes another file, which is not allowed in a list; put its lines here");
        return msg("is the directive %1, which is not supported; write its records out", word);
    }

    ZoneLines lines_;
    RpzSink& sink_;
    Progress& progress_;
    OwnerName apex_;
    Rdf origin_;
    ldns_rdf* previous_ = nullptr;  // the last owner; libldns replaces it while it parses
    bool owner_known_ = false, some_read_ = false, started_ = false;

public:
    ~Reader() { ldns_rdf_deep_free(previous_); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
};

// Collects the records that a list can carry.
class ListSink : public RpzSink {
public:
    explicit ListSink(const list::Landings& landings) : landings_(landings) {}
    bool record(const ldns_rr* rr, const OwnerName& apex, std::uint64_t line, std::string_view text) override {
        auto record = read_rpz_record(rr, apex, landings_);
        collector.add(record, line, text);
        return record.kind != RpzRecord::Kind::zone;
    }
    void bad(std::uint64_t line, std::string_view text, const Message& why) override { collector.bad(line, text, why); }
    void serial(std::uint32_t serial) override { collector.content.serial = serial; }

    RpzCollector collector;

private:
    const list::Landings& landings_;
};

}  // namespace

std::uint64_t read_rpz_records(std::istream& in, const std::string& origin, RpzSink& sink, Progress& progress) {
    // libldns allocates and frees about 100 KiB a record. At the end of the heap, malloc would return them to the
    // kernel and request them again, zeroed, for each record.
    ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
    return Reader(in, origin, sink, progress).run();
}

RpzContent read_rpz_file(std::istream& in, const RpzFileOptions& options, Progress& progress) {
    ListSink sink(options.landings);
    sink.collector.content.list.lines = read_rpz_records(in, options.origin, sink, progress);
    return sink.collector.finish();
}

}  // namespace saring::rpz
