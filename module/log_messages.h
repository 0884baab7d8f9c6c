/* The lines that the module writes to Unbound's log. Each begins with "saring: IDENTIFIER: ", and IDENTIFIER is one of
 * these. They are part of the interface: operators match them, so none is renamed or used for something else.
 * saring-messages(7) gives cause and remedy of each; tests/tool/test_log_messages.py holds that page to this table. */
#ifndef SARING_LOG_MESSAGES_H
#define SARING_LOG_MESSAGES_H

/* X(identifier, severity): error, warning or info. */
#define SARING_LOG_MESSAGES(X)             \
    X(SARING_LOAD_REFUSED, error)          \
    X(SARING_CONFIG_REFUSED, error)        \
    X(SARING_CONFIG_UNUSABLE, error)       \
    X(SARING_IMAGE_LOADED, info)           \
    X(SARING_IMAGE_MISSING, error)         \
    X(SARING_IMAGE_REFUSED, error)         \
    X(SARING_IMAGE_ACCEPTED, info)         \
    X(SARING_LOCATION_UNUSABLE, error)     \
    X(SARING_LOCATION_REFUSED, error)      \
    X(SARING_LOCATION_LOADED, info)        \
    X(SARING_ANSWERS_NOT_KEPT, info)       \
    X(SARING_EDNS_NOT_REGISTERED, warning) \
    X(SARING_PROBE_KEY_UNUSABLE, info)     \
    X(SARING_STATUS_NOT_WRITTEN, info)     \
    X(SARING_REHEARSAL, info)              \
    X(SARING_HITS_NOT_RECORDED, error)     \
    X(SARING_HITS_RECORDED_AGAIN, info)    \
    X(SARING_HITS_LOST, error)             \
    X(SARING_HITS_WITHOUT_CLIENT, error)   \
    X(SARING_ASN_REFUSED, error)

enum saring_log_message {
#define SARING_LOG_ENUMERATOR(identifier, severity) identifier,
    SARING_LOG_MESSAGES(SARING_LOG_ENUMERATOR)
#undef SARING_LOG_ENUMERATOR
};

#endif
