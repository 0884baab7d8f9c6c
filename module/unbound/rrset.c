/* See rrset.h. */
#include "config.h"

#include "services/cache/dns.h"
#include "sldns/rrdef.h"
#include "util/config_file.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/module.h"
#include "util/net_help.h"

#include "rrset.h"

/* The NAT64 prefix, under which IPv6-only clients reach IPv4 addresses (RFC 6052): that of the dns64
 * module, else the well-known one. */
static struct {
    uint8_t octets[16];
    int bits; /* 0: unusable */
    int made; /* the dns64 module is loaded */
} translation;

void rrset_read_translation_prefix(const struct config_file* cfg) {
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    const char* prefix = cfg->dns64_prefix && cfg->dns64_prefix[0] ? cfg->dns64_prefix : "64:ff9b::/96";
    memset(&translation, 0, sizeof(translation));
    translation.made = cfg->module_conf && strstr(cfg->module_conf, "dns64") != NULL;
    if (!netblockstrtoaddr(prefix, 0, &address, &len, &translation.bits) || address.ss_family != AF_INET6 ||
        translation.bits < 32 || translation.bits > 96)
        translation.bits = 0; /* the dns64 module logs the error */
    else memcpy(translation.octets, &((struct sockaddr_in6*)&address)->sin6_addr, 16);
}

int glue_translate(const uint8_t* four, uint8_t* sixteen) {
    size_t at = (size_t)translation.bits / 8, i;
    if (!translation.made || at == 0) return 0;
    memset(sixteen, 0, 16);
    memcpy(sixteen, translation.octets, at);
    for (i = 0; i < 4; i++) {
        at += at == 8; /* octet 8 stays zero, section 2.2 */
        sixteen[at++] = four[i];
    }
    return 1;
}

static void read_aaaa(const uint8_t* octets, const struct saring_sink* sink) {
    uint8_t four[4];
    size_t at = (size_t)translation.bits / 8, i;
    sink->address(sink->self, 6, octets);
    if (at == 0 || memcmp(octets, translation.octets, at) != 0) return;
    for (i = 0; i < 4; i++) {
        at += at == 8; /* octet 8 stays zero, section 2.2 */
        four[i] = octets[at++];
    }
    sink->address(sink->self, 4, four);
}
/* Size of the uncompressed name at the start of `wire`; 0: no complete name. Not Unbound's dname_valid, which reads one
 * octet beyond a truncated name: Unbound does not check the rdata of types it does not know, and any server may send
 * them. */
static size_t name_size(const uint8_t* wire, size_t len) {
    size_t at = 0;
    while (at < len && at < LDNS_MAX_DOMAINLEN && !(wire[at] & 0xc0)) {
        if (wire[at] == 0) return at + 1;
        at += (size_t)wire[at] + 1;
    }
    return 0;
}

/* RFC 9460 section 2.2: priority, target name, then key, length, value. */
static void read_svcb(const uint8_t* rdata, size_t len, const struct saring_sink* sink) {
    size_t name_len, at;
    if (len < 3 || !(name_len = name_size(rdata + 2, len - 2))) return;
    if (name_len > 1) /* "." means the owner itself */
        sink->service(sink->self, rdata + 2, name_len);
    for (at = 2 + name_len; at + 4 <= len;) {
        unsigned key = (unsigned)rdata[at] << 8 | rdata[at + 1];
        size_t size = (size_t)rdata[at + 2] << 8 | rdata[at + 3], i;
        at += 4;
        if (size > len - at) return;
        for (i = 0; key == 4 && sink->address && i + 4 <= size; i += 4) sink->address(sink->self, 4, rdata + at + i);
        for (i = 0; key == 6 && sink->address && i + 16 <= size; i += 16) read_aaaa(rdata + at + i, sink);
        at += size;
    }
}

int rrset_type_is_read(unsigned type, unsigned next_type) {
    return type != LDNS_RR_TYPE_DNAME || next_type != LDNS_RR_TYPE_CNAME;
}

int rrset_type_is_address(unsigned type) { return type == LDNS_RR_TYPE_A || type == LDNS_RR_TYPE_AAAA; }

int rrset_type_has_targets(unsigned type, const struct saring_sink* sink) {
    switch (type) {
        case LDNS_RR_TYPE_A:
        case LDNS_RR_TYPE_AAAA: return sink->address != NULL;
        case LDNS_RR_TYPE_CNAME:
        case LDNS_RR_TYPE_DNAME:
        case LDNS_RR_TYPE_SVCB:
        case LDNS_RR_TYPE_HTTPS: return 1;
        default: return 0;
    }
}

void rrset_read(const struct ub_packed_rrset_key* key, const struct saring_sink* sink) {
    const struct packed_rrset_data* data = key->entry.data;
    unsigned type = ntohs(key->rk.type);
    size_t i;
    if (!rrset_type_has_targets(type, sink)) return;
    for (i = 0; i < data->count; i++) {
        const uint8_t* rdata = data->rr_data[i] + 2;
        size_t len = data->rr_len[i] - 2;
        if (type == LDNS_RR_TYPE_CNAME || type == LDNS_RR_TYPE_DNAME) {
            size_t name_len = name_size(rdata, len);
            if (name_len) sink->alias(sink->self, rdata, name_len);
        } else if (type == LDNS_RR_TYPE_SVCB || type == LDNS_RR_TYPE_HTTPS) read_svcb(rdata, len, sink);
        else if (type == LDNS_RR_TYPE_A && len == 4) sink->address(sink->self, 4, rdata);
        else if (type == LDNS_RR_TYPE_AAAA && len == 16) read_aaaa(rdata, sink);
    }
}

void rrset_read_additional(const struct ub_packed_rrset_key* key, const struct saring_sink* sink) {
    if (!rrset_type_is_address(ntohs(key->rk.type))) return;
    sink->service(sink->self, key->rk.dname, key->rk.dname_len);
    rrset_read(key, sink);
}

const struct reply_info* glue_reply(struct module_qstate* qstate) {
    return qstate->return_msg ? qstate->return_msg->rep : NULL;
}

void glue_read_answer(const struct reply_info* rep, const struct saring_sink* sink) {
    size_t i;
    for (i = 0; rep && i < rep->an_numrrsets; i++)
        if (rrset_type_is_read(ntohs(rep->rrsets[i]->rk.type),
                               i + 1 < rep->an_numrrsets ? ntohs(rep->rrsets[i + 1]->rk.type) : 0))
            rrset_read(rep->rrsets[i], sink);
}

size_t glue_additional_count(const struct reply_info* rep) { return rep ? rep->ar_numrrsets : 0; }

void glue_read_additional(const struct reply_info* rep, size_t i, const struct saring_sink* sink) {
    rrset_read_additional(rep->rrsets[rep->an_numrrsets + rep->ns_numrrsets + i], sink);
}

void glue_remove_additional(struct module_qstate* qstate, size_t i) {
    struct reply_info* rep = qstate->return_msg->rep;
    size_t at = rep->an_numrrsets + rep->ns_numrrsets + i;
    memmove(&rep->rrsets[at], &rep->rrsets[at + 1], (rep->rrset_count - at - 1) * sizeof(*rep->rrsets));
    rep->ar_numrrsets--;
    rep->rrset_count--;
}
