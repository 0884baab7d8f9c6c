// Runs files, and all files of folders, through a fuzz target, without libFuzzer.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string current;
unsigned count = 0;

void run(const std::filesystem::path& file) {
    current = file.string();
    auto content = saring::read_file(current);
    // In memory of exactly its size, so that a sanitizer or valgrind detects a read of one byte beyond it.
    std::string exact(content.begin(), content.end());
    exact.shrink_to_fit();
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(exact.data()), exact.size());
    ++count;
}

}  // namespace

int main(int argc, char** argv) {
    std::set_terminate([] {
        std::fprintf(stderr, "input: %s\n", current.c_str());
        try {
            if (auto e = std::current_exception()) std::rethrow_exception(e);
        } catch (const std::exception& e) { std::fprintf(stderr, "uncaught exception: %s\n", e.what()); } catch (...) {
        }
        std::abort();
    });
    for (int i = 1; i < argc; ++i) {
        if (!std::filesystem::is_directory(argv[i])) run(argv[i]);
        else
            for (const auto& file : std::filesystem::directory_iterator(argv[i])) run(file);
    }
    std::printf("%u inputs\n", count);
    return count > 0 ? 0 : 1;
}
