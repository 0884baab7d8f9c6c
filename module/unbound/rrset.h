/* The targets and addresses in Unbound's RRsets. For this folder only. */
#ifndef SARING_UNBOUND_RRSET_H
#define SARING_UNBOUND_RRSET_H

#include "glue.h"

struct config_file;
struct ub_packed_rrset_key;

/* Reads the NAT64 prefix (RFC 6052), once, while loading. */
void rrset_read_translation_prefix(const struct config_file* cfg);

/* Whether records of a type (host byte order) may have targets that the sink wants;
 * if not, their data need not be read. */
int rrset_type_has_targets(unsigned type, const struct saring_sink* sink);

int rrset_type_is_address(unsigned type);

/* Whether an RRset followed by one of next_type (0: none) is read. A DNAME followed by
 * the CNAME made from it is not: the CNAME has the target. */
int rrset_type_is_read(unsigned type, unsigned next_type);

/* Passes the targets to the sink. The caller holds the RRset's lock, or the RRset is the query's own. */
void rrset_read(const struct ub_packed_rrset_key* key, const struct saring_sink* sink);
/* For the additional section: passes the owner too, to `service`. */
void rrset_read_additional(const struct ub_packed_rrset_key* key, const struct saring_sink* sink);

#endif
