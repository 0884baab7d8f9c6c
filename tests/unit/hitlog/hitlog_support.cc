#include "hitlog_support.h"

#include <fstream>
#include <sstream>

namespace saring::hitlog::test {

Bytes file_octets(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE(in);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

void put_octets(const std::string& path, ByteView octets) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(octets.data(), static_cast<std::streamsize>(octets.size()));
    REQUIRE(out);
}

}  // namespace saring::hitlog::test
