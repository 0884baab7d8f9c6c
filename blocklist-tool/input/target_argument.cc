#include "input/target_argument.h"

namespace saring::tool {

bool is_prefix_text(const std::string& text) {
    bool numeric = text.find_first_not_of("0123456789./") == std::string::npos;
    bool digits = text.find_first_of("0123456789") != std::string::npos;
    return (numeric && digits && text.find_first_of("./") != std::string::npos) ||
           (text.find(':') != std::string::npos && text.find("://") == std::string::npos &&
            text.find_first_not_of("0123456789abcdefABCDEF:./") == std::string::npos);
}

}  // namespace saring::tool
