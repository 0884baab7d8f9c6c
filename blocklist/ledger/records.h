// The stored form of an order. Numbers of enumerations are persisted; do not renumber.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "net/prefix.h"
#include "policy/entries.h"

namespace saring::ledger {

Bytes encode(const policy::OrderRecord& r);
policy::OrderRecord decode_order_record(ByteView value);

// The document as received and its signature files.
struct Document {
    Bytes content;
    std::vector<std::pair<std::string, Bytes>> signatures;  // file name, content
};
// BLAKE2b-256 of the content, as OrderRecord::digest has it.
Bytes document_digest(ByteView content);
Bytes encode(const Document& d);
Document decode_document(ByteView value);

Bytes encode(const policy::OrderTexts& t);
policy::OrderTexts decode_order_texts(ByteView value);

}  // namespace saring::ledger
