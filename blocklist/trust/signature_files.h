// Finds the signatures of a document: DOCUMENT.minisig, the name that minisign uses, and DOCUMENT.<key id>.minisig, so
// that several people can sign one document.
#pragma once

#include <string>
#include <vector>

#include "trust/trust.h"

namespace saring::trust {

constexpr std::size_t max_signature_bytes = 64u << 10;
constexpr std::size_t max_signatures = 32;

std::string signature_path(const std::string& document, const minisign::KeyId& key);

// Sorted by name; empty when there are none. Throws Error(usage) when one cannot be read.
std::vector<SignatureFile> find_signatures(const std::string& document);
std::vector<SignatureFile> read_signatures(const std::vector<std::string>& paths);

}  // namespace saring::trust
