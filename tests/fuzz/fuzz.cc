#include "fuzz.h"

#include <cstdio>
#include <cstdlib>

namespace saring::fuzz {

void broken(const char* what) {
    std::fprintf(stderr, "fuzz: %s\n", what);
    std::abort();
}

}  // namespace saring::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    saring::fuzz::one({reinterpret_cast<const char*>(data), size});
    return 0;
}
