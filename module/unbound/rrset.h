/* Where records lead: the targets and addresses in Unbound's RRsets. For this folder only. */
#ifndef SARING_UNBOUND_RRSET_H
#define SARING_UNBOUND_RRSET_H

#include "glue.h"

struct config_file;
struct ub_packed_rrset_key;

/* The prefix under which IPv6-only clients reach IPv4 addresses; once, while loading. */
void rrset_read_translation_prefix(const struct config_file* cfg);

/* Whether records of a type (host byte order) lead anywhere that the sink asks about;
 * their data need not be touched else. */
int rrset_type_leads(unsigned type, const struct saring_sink* sink);

int rrset_type_is_address(unsigned type);

/* Whether an RRset in front of one of next_type (0: the last) counts. A DNAME in front of
 * the CNAME made from it does not: where the answer leads is the CNAME's to say. */
int rrset_type_counts(unsigned type, unsigned next_type);

/* The RRset's data must not change meanwhile. */
void rrset_read(const struct ub_packed_rrset_key* key, const struct saring_sink* sink);
/* Of the additional section: the owner as well, as what a service needs. */
void rrset_read_additional(const struct ub_packed_rrset_key* key, const struct saring_sink* sink);

#endif
