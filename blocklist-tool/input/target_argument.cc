#include "input/target_argument.h"

namespace saring::tool {

bool is_prefix_text(const std::string& text) {
    return (!text.empty() && text.find_first_not_of("0123456789./") == std::string::npos) ||
           (text.find(':') != std::string::npos && text.find("://") == std::string::npos &&
            text.find_first_not_of("0123456789abcdefABCDEF:./") == std::string::npos);
}

}  // namespace saring::tool
