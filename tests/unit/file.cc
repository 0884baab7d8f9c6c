// Whole files: bounded reads, atomic writes.
#include "base/file.h"

#include <sys/stat.h>

#include <filesystem>

#include "support.h"

namespace saring::test::file_test {
namespace {

std::size_t files_in(const TempDir& dir) {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir.path())) ++n;
    return n;
}

}  // namespace

TEST_CASE("A file reads back byte for byte as it was written") {
    TempDir dir;
    Bytes content;
    for (int i = 0; i < 300000; ++i) content.push_back(static_cast<char>(i * 7));
    write_file(dir / "f", content);
    CHECK((read_file(dir / "f") == content));
    write_file(dir / "f", "");
    CHECK(read_file(dir / "f").empty());
}

TEST_CASE("A file larger than the limit is refused") {
    TempDir dir;
    write_file(dir / "f", Bytes(100, 'x'));
    CHECK(read_file(dir / "f", 100).size() == 100);
    require_error(ErrorKind::usage, [&] { read_file(dir / "f", 99); }, {dir / "f", "larger than 99 bytes"});
}

TEST_CASE("A missing file is refused by name") {
    TempDir dir;
    require_error(ErrorKind::usage, [&] { read_file(dir / "absent"); }, {dir / "absent", "cannot open"});
    require_error(ErrorKind::usage, [&] { write_file(dir / "absent/f", "x"); }, {dir / "absent/f"});
}

TEST_CASE("An exclusive write does not replace a file") {
    TempDir dir;
    write_file(dir / "f", "first", 0600, true);
    require_error(ErrorKind::usage, [&] { write_file(dir / "f", "second", 0600, true); },
                  {dir / "f", "exists already"});
    CHECK(read_file(dir / "f") == "first");
}

TEST_CASE("A written file has the requested mode and no temporary file is left") {
    TempDir dir;
    write_file(dir / "f", "old");
    write_file(dir / "f", "new", 0640);
    struct stat st;
    REQUIRE(::stat((dir / "f").c_str(), &st) == 0);
    CHECK((st.st_mode & 0777) == 0640);
    CHECK(files_in(dir) == 1);
}

TEST_CASE("A write that fails leaves no temporary file") {
    TempDir dir;
    std::filesystem::create_directory(dir / "f");
    std::filesystem::create_directory(dir / "f/inside");
    require_error(ErrorKind::usage, [&] { write_file(dir / "f", "x"); }, {dir / "f"});
    CHECK(files_in(dir) == 1);
}

TEST_CASE("A secret file that its group or others may read is refused with its mode") {
    TempDir dir;
    auto path = dir / "secret.key";
    for (mode_t mode : {0640u, 0604u, 0660u, 0777u, 0610u}) {
        write_file(path, "secret", mode);
        require_error(ErrorKind::usage, [&] { read_secret_file(path, 100); }, {path, "mode 0", "chmod 600"});
    }
    for (mode_t mode : {0600u, 0400u}) {
        write_file(path, "secret", mode);
        CHECK(read_secret_file(path, 100) == "secret");
    }
}

}  // namespace saring::test::file_test
