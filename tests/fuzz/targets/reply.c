/* A server's answer, as Unbound passes it on: the glue's reading of
 * resource records. The only part of the module that reads untrusted data in C.
 *
 * Input: type u8, then records, each after its length in two bytes, as Unbound stores them. */
#include "unbound/rrset.c"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

static const uint16_t types[] = {LDNS_RR_TYPE_CNAME, LDNS_RR_TYPE_DNAME, LDNS_RR_TYPE_SVCB, LDNS_RR_TYPE_HTTPS,
                                 LDNS_RR_TYPE_A,     LDNS_RR_TYPE_AAAA,  LDNS_RR_TYPE_TXT};

static unsigned seen;

static void take_name(void* self, const uint8_t* wire, size_t len) {
    (void)self;
    if (len == 0 || len > 255 || wire[len - 1] != 0) abort();
    seen += wire[0];
}

static void take_address(void* self, uint8_t family, const uint8_t* octets) {
    (void)self;
    if (family != 4 && family != 6) abort();
    seen += octets[family == 4 ? 3 : 15];
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    enum { most = 16 };
    size_t lengths[most];
    uint8_t* records[most];
    struct packed_rrset_data rrset;
    struct ub_packed_rrset_key key;
    struct saring_sink sink = {NULL, take_name, take_name, take_address};
    size_t at = 1, i;
    if (size < 1) return 0;
    memset(&rrset, 0, sizeof(rrset));
    memset(&key, 0, sizeof(key));
    key.rk.type = htons(types[data[0] % (sizeof(types) / sizeof(types[0]))]);
    key.entry.data = &rrset;
    rrset.rr_len = lengths;
    rrset.rr_data = records;
    while (at + 2 <= size && rrset.count < most) {
        size_t len = (size_t)data[at] << 8 | data[at + 1];
        if (len > size - at - 2) len = size - at - 2;
        /* A block of exactly its size, so that a sanitizer detects a read of one byte beyond it. */
        records[rrset.count] = malloc(len + 2);
        if (!records[rrset.count]) break;
        memcpy(records[rrset.count], data + at, len + 2);
        lengths[rrset.count++] = len + 2;
        at += len + 2;
    }
    rrset_read(&key, &sink);
    for (i = 0; i < rrset.count; i++) free(records[i]);
    return 0;
}
