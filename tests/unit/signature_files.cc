// Finding the signature files of a document.
#include "trust/signature_files.h"

#include "base/file.h"
#include "support.h"

namespace saring::test::signature_files_test {
namespace {

std::vector<std::string> found(const TempDir& dir, const std::string& document) {
    std::vector<std::string> out;
    for (const auto& s : trust::find_signatures(dir / document)) out.push_back(s.source.substr(dir.path().size() + 1));
    return out;
}

}  // namespace

TEST_CASE("A document's signatures are its .minisig file and those with a key id") {
    TempDir dir;
    for (const char* f :
         {"order.json", "order.json.minisig", "order.json.0123456789ABCDEF.minisig", "order.json.1F.minisig"})
        write_file(dir / f, f);
    CHECK(found(dir, "order.json") == std::vector<std::string>{"order.json.0123456789ABCDEF.minisig",
                                                               "order.json.1F.minisig", "order.json.minisig"});
    CHECK(trust::find_signatures(dir / "order.json")[2].content == "order.json.minisig");
}

TEST_CASE("Files of other documents are not signatures") {
    TempDir dir;
    for (const char* f : {"order.json", "order.json2.minisig", "order.json.bak.minisig", "order.json.1F.minisig~",
                          "other.json.minisig", "order.json.1F.1F.minisig", "order.json.0123456789ABCDEF0.minisig",
                          "order.json..minisig", "order.json.1Fminisig"})
        write_file(dir / f, f);
    CHECK(found(dir, "order.json").empty());
}

TEST_CASE("The path of a signature has document and key, and is found") {
    TempDir dir;
    auto path = trust::signature_path(dir / "order.json", trust::minisign::KeyId{0x10, 0, 0, 0, 0, 0, 0, 0xab});
    CHECK(path == dir / "order.json.AB00000000000010.minisig");
    write_file(path, "s");
    CHECK(found(dir, "order.json").size() == 1);
}

TEST_CASE("A document in a missing folder has no signatures") {
    TempDir dir;
    CHECK(found(dir, "absent/order.json").empty());
}

TEST_CASE("Too many signatures are refused") {
    TempDir dir;
    std::vector<std::string> paths(33, dir / "s");
    write_file(dir / "s", "s");
    require_error(ErrorKind::usage, [&] { trust::read_signatures(paths); }, {"33 signatures"});
    paths.pop_back();
    CHECK(trust::read_signatures(paths).size() == 32);
}

TEST_CASE("A signature file that is too large is refused") {
    TempDir dir;
    write_file(dir / "order.json.minisig", Bytes(trust::max_signature_bytes + 1, 'x'));
    require_error(ErrorKind::usage, [&] { trust::find_signatures(dir / "order.json"); },
                  {"order.json.minisig", "larger than"});
}

}  // namespace saring::test::signature_files_test
