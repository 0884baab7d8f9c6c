/* See glue.h. This file alone includes Unbound's internal headers. */
#include "config.h"

#include "dynlibmod/dynlibmod.h"
#include "services/cache/dns.h"
#include "services/mesh.h"
#include "sldns/rrdef.h"
#include "util/config_file.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/log.h"
#include "util/module.h"
#include "util/net_help.h"
#include "util/regional.h"

#include "glue.h"

/* The symbols that Unbound's dynlib module looks up. */
#define ENTRY_POINT __attribute__((visibility("default")))

static void* instance_of(struct module_env* env, int id)
{
	return ((struct dynlibmod_env*)env->modinfo[id])->dyn_env;
}

ENTRY_POINT int init(struct module_env* env, int id)
{
	void* instance = saring_start(env->cfg->module_conf, id);
	((struct dynlibmod_env*)env->modinfo[id])->dyn_env = instance;
	return instance != NULL;
}

ENTRY_POINT void deinit(struct module_env* env, int id)
{
	saring_stop(instance_of(env, id));
	((struct dynlibmod_env*)env->modinfo[id])->dyn_env = NULL;
}

ENTRY_POINT void operate(struct module_qstate* qstate, enum module_ev event,
	int id, struct outbound_entry* outbound)
{
	struct saring_query query;
	struct mesh_reply* reply = qstate->mesh_info->reply_list;
	enum saring_event what = saring_event_error;
	(void)outbound;
	if(event == module_event_new || event == module_event_pass)
		what = saring_event_new;
	else if(event == module_event_moddone)
		what = saring_event_done;
	query.qstate = qstate;
	query.qname = qstate->qinfo.qname;
	query.qname_len = qstate->qinfo.qname_len;
	query.qtype = qstate->qinfo.qtype;
	query.qclass = qstate->qinfo.qclass;
	query.has_client = reply != NULL;
	query.client = reply ? &reply->query_reply.client_addr : NULL;
	query.now = *qstate->env->now;
	switch(saring_operate(instance_of(qstate->env, id), &query, what)) {
	case saring_step_pass_on:
		qstate->ext_state[id] = module_wait_module;
		break;
	case saring_step_finished:
		qstate->ext_state[id] = module_finished;
		break;
	case saring_step_failed:
		qstate->return_rcode = LDNS_RCODE_SERVFAIL;
		qstate->return_msg = NULL;
		qstate->ext_state[id] = module_error;
		break;
	}
}

ENTRY_POINT void inform_super(struct module_qstate* qstate, int id,
	struct module_qstate* super)
{
	(void)qstate;
	(void)id;
	(void)super;
}

ENTRY_POINT void clear(struct module_qstate* qstate, int id)
{
	qstate->minfo[id] = NULL;
}

ENTRY_POINT size_t get_mem(struct module_env* env, int id)
{
	return saring_memory(instance_of(env, id));
}

static struct ub_packed_rrset_key* make_rrset(const struct saring_rrset* set,
	struct regional* region)
{
	size_t i;
	struct ub_packed_rrset_key* key = regional_alloc_zero(region, sizeof(*key));
	struct packed_rrset_data* data = regional_alloc_zero(region, sizeof(*data));
	if(!key || !data)
		return NULL;
	key->entry.key = key;
	key->entry.data = data;
	key->rk.dname = regional_alloc_init(region, set->owner, set->owner_len);
	key->rk.dname_len = set->owner_len;
	key->rk.type = htons(set->type);
	key->rk.rrset_class = htons(LDNS_RR_CLASS_IN);
	data->ttl = (time_t)set->ttl;
	data->count = set->count;
	data->trust = rrset_trust_ans_noAA;
	data->security = sec_status_insecure;
	data->rr_len = regional_alloc(region, set->count * sizeof(*data->rr_len));
	data->rr_ttl = regional_alloc(region, set->count * sizeof(*data->rr_ttl));
	data->rr_data = regional_alloc(region, set->count * sizeof(*data->rr_data));
	if(!key->rk.dname || !data->rr_len || !data->rr_ttl || !data->rr_data)
		return NULL;
	for(i = 0; i < set->count; i++) {
		size_t len = set->rdata_len[i];
		uint8_t* rr = regional_alloc(region, len + 2);
		if(!rr)
			return NULL;
		rr[0] = (uint8_t)(len >> 8);
		rr[1] = (uint8_t)len;
		memmove(rr + 2, set->rdata[i], len);
		data->rr_len[i] = len + 2;
		data->rr_ttl[i] = (time_t)set->ttl;
		data->rr_data[i] = rr;
	}
	return key;
}

int glue_answer(struct module_qstate* qstate, const struct saring_answer* answer)
{
	struct regional* region = qstate->region;
	size_t i, total = answer->answer_count + answer->authority_count;
	struct dns_msg* msg = regional_alloc_zero(region, sizeof(*msg));
	/* Filled by hand: the helper's parameters differ between versions. */
	struct reply_info* rep = regional_alloc_zero(region, sizeof(*rep));
	if(!msg || !rep)
		return 0;
	rep->flags = (uint16_t)(BIT_QR | BIT_RA | (answer->rcode & 0xf));
	rep->qdcount = 1;
	rep->ttl = (time_t)answer->ttl;
	rep->prefetch_ttl = rep->ttl;
	rep->serve_expired_ttl = rep->ttl;
	/* A reply that is unchecked or bogus would become SERVFAIL. */
	rep->security = sec_status_insecure;
	rep->an_numrrsets = answer->answer_count;
	rep->ns_numrrsets = answer->authority_count;
	rep->rrset_count = total;
	if(total > 0) {
		rep->rrsets = regional_alloc(region, total * sizeof(*rep->rrsets));
		if(!rep->rrsets)
			return 0;
	}
	for(i = 0; i < total; i++) {
		rep->rrsets[i] = make_rrset(&answer->sets[i], region);
		if(!rep->rrsets[i])
			return 0;
	}
	msg->qinfo = qstate->qinfo;
	msg->rep = rep;
	qstate->return_msg = msg;
	qstate->return_rcode = LDNS_RCODE_NOERROR;
	qstate->no_cache_store = 1;
	qstate->need_refetch = 0;
	return 1;
}

void glue_drop(struct module_qstate* qstate)
{
	qstate->is_drop = 1;
	qstate->return_msg = NULL;
	qstate->return_rcode = LDNS_RCODE_NOERROR;
	qstate->no_cache_store = 1;
}

int glue_add_edns_option(struct module_qstate* qstate, uint16_t code,
	const uint8_t* data, size_t len)
{
	uint8_t* copy = regional_alloc_init(qstate->region, data, len);
	return copy && edns_opt_list_append(&qstate->edns_opts_front_out, code,
		len, copy, qstate->region);
}

void glue_log(enum saring_log_level level, const char* text)
{
	if(level == saring_log_error)
		log_err("saring: %s", text);
	else
		log_info("saring: %s", text);
}
