"""The tool speaks English, or Indonesian where the locale asks for it; to programs it speaks one language."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import lmdb
import pytest
from support import orders, paths
from support.tool import DATABASE, DONE, NETWORK, NO, USAGE

PO = paths.ROOT / "blocklist-tool" / "po"
CATALOGUE = Path("locale/id/LC_MESSAGES/saring.mo")
# No locale of Indonesia need be generated: LANGUAGE names the catalogue.
INDONESIAN = {"LC_ALL": "C.UTF-8", "LANGUAGE": "id"}


def speak(workspace, language, *arguments, program=paths.TOOL):
    environment = {"PATH": "/usr/bin:/bin", **language}
    return subprocess.run([str(program), "--config", str(workspace.config), *map(str, arguments)], env=environment,
                          capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def filled(shared_workspace):
    """Some of everything that is shown: orders in force and revoked, a local entry, a quarantine."""
    shared_workspace.block("hoax.example", id="B-1/UJI")
    shared_workspace.block("gone.example", id="B-2/UJI")
    shared_workspace.tool.do("order", "revoke", "B-2/UJI", "--reason", "uji")
    shared_workspace.tool.do("local", "allow", "news.example", "--reason", "uji")
    return shared_workspace


def test_the_answer_is_indonesian(filled):
    said = speak(filled, INDONESIAN, "explain", "www.hoax.example")
    assert said.returncode == DONE and said.stderr == ""
    assert said.stdout.splitlines()[:4] == [
        "www.hoax.example: DIBLOKIR, nxdomain",
        "  karena    hoax.example (dan semua di bawahnya)",
        "  perintah  B-1/UJI",
        "  lembaga   Kementerian Uji, election-hoax"]


@pytest.mark.parametrize("command, says", [
    (["status"], ["basis data ", "perintah   ", "2 berlaku", "1 dicabut"]),
    (["order", "list"], ["STATUS", "LEMBAGA", "dicabut"]),
    (["local", "list"], ["TARGET", "TINDAKAN", "berlaku"]),
    (["db", "history"], ["OPERATOR", "RINCIAN"]),
    (["db", "check"], ["utuh; serial 4, "]),
    (["diff", "0", "1"], ["perintah blokir B-1/UJI: diterapkan"]),
    (["quarantine", "list"], ["tidak ada yang ditahan"]),
    (["doctor", "--quick"], ["GAGAL", "perbaiki: "]),
])
def test_reading_commands_are_indonesian(filled, command, says):
    said = speak(filled, INDONESIAN, *command).stdout
    assert [text for text in says if text not in said] == [], said


@pytest.mark.parametrize(
    "code, command, line",
    [(USAGE, ["explain", "hoax.example", "--type", "NONE"
              ], 'blocklist-tool: --type: "NONE" bukan jenis kueri; tulis mis. A, AAAA, HTTPS, atau TYPE65'),
     (NO, ["order", "show", "B-9/UJI"
           ], "blocklist-tool: perintah blokir B-9/UJI: tidak ada dalam basis data; lihat: blocklist-tool order list"),
     (USAGE, ["explain", "bad..example"
              ], 'blocklist-tool: explain: "bad..example" memiliki label kosong; tulis nama seperti hoax.example'),
     (USAGE, ["diff", "1"], "blocklist-tool: baris perintah: to belum ditulis; lihat: blocklist-tool diff --help"),
     (USAGE, ["explain", "a.example", "--nonsense"
              ], 'blocklist-tool: baris perintah: "--nonsense" tidak semestinya ada di sini; '
     "lihat: blocklist-tool explain --help"),
     (NETWORK, ["selftest", "--resolver", "127.0.0.1:1", "--timeout", "1"
                ], "blocklist-tool: resolver 127.0.0.1:1: tidak menjawab; "),])
def test_an_error_is_one_indonesian_line(filled, code, command, line):
    said = speak(filled, INDONESIAN, *command)
    assert (
        (said.returncode, said.stdout) == (code, "") and said.stderr.startswith(line) and said.stderr.count("\n") == 1
    ), said


def test_why_a_line_of_a_list_is_bad_is_indonesian(workspace):
    listed = workspace.folder / "list"
    listed.write_text("hoax.example\ndua kata\n")
    said = speak(workspace, INDONESIAN, "list", "import", "--source", "uji", "--format", "domains", listed)
    assert f'{listed}:2: "dua kata": memuat lebih dari satu kata\n' in said.stderr, said


def test_what_a_check_finds_is_indonesian(workspace):
    workspace.block("hoax.example", id="B-1/UJI")
    with lmdb.open(str(workspace.database), max_dbs=32) as environment, environment.begin(write=True) as transaction:
        assert transaction.delete((1).to_bytes(8, "big"), db=environment.open_db(b"journal", transaction))
    said = speak(workspace, INDONESIAN, "db", "check")
    assert (said.returncode, said.stdout) == (DATABASE, "catatan jurnal 1: tidak ada\n"), said


def test_help_is_indonesian(filled):
    said = speak(filled, INDONESIAN, "order", "list", "--help").stdout
    assert said.startswith(
        "Daftar perintah blokir dalam basis data\nPemakaian: blocklist-tool order list [OPSI]\n\nOpsi:\n"
    ), said
    assert "Cetak pesan bantuan ini lalu keluar" in said and "Contoh: blocklist-tool order list --due 3" in said


# In these locales the tool prints English, byte for byte the same.
ENGLISH = [{}, {"LC_ALL": "C", "LANGUAGE": "id"}, {"LANG": "C.UTF-8"}, {"LANG": "en_GB.UTF-8"},
           {"LC_ALL": "xx_YY.UTF-8"}, {"LC_ALL": "C.UTF-8",
                                       "LANGUAGE": "en:id"}, {"LC_MESSAGES": "en_US.UTF-8", "LANG": "id_ID.UTF-8"}]


@pytest.mark.parametrize("language", ENGLISH[1:])
def test_every_other_locale_is_english(filled, language):
    for command in (["explain", "hoax.example"], ["order", "show", "B-9/UJI"], ["--help"]):
        said, usual = speak(filled, language, *command), speak(filled, ENGLISH[0], *command)
        assert (said.stdout, said.stderr) == (usual.stdout, usual.stderr)


def test_a_locale_that_the_machine_lacks_is_spoken_all_the_same(filled):
    """LANG as set over ssh: id_ID.UTF-8 may not be generated on the server."""
    for language in ({"LANG": "id_ID.UTF-8"}, {"LC_ALL": "id_ID.KOI8-R"}, {"LANG": "C", "LC_MESSAGES": "id"},
                     {"LANG": "id_ID.UTF-8", "LANGUAGE": ""}):
        assert "DIBLOKIR" in speak(filled, language, "explain", "hoax.example").stdout, language


def test_a_generated_locale_is_spoken_and_numbers_stay(filled, new_folder):
    folder = new_folder("locales")
    subprocess.run(
        ["localedef", "-i", "id_ID", "-f", "UTF-8", str(folder / "id_ID.UTF-8")], check=True, capture_output=True
    )
    language = {"LOCPATH": str(folder), "LC_ALL": "id_ID.UTF-8"}
    assert "DIBLOKIR" in speak(filled, language, "explain", "hoax.example").stdout
    # Indonesian uses a decimal comma, the C locale a point.
    assert speak(filled, language, "metrics").stdout.count(",0") == 0
    assert speak(filled, language, "status", "--json").returncode == DONE


# Ages differ from one run to the next.
def settled(text):
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\[\d+\] unbound-checkconf\[\d+|\d+ MiB free|\"age\": \d+", "", text)


@pytest.mark.parametrize(
    "command", [["explain", "hoax.example"], ["explain", "gone.example"], ["status"], ["order", "list"],
                ["order", "show", "B-2/UJI"], ["local", "list"], ["db", "history"], ["db", "check"], ["diff", "0", "4"],
                ["quarantine", "list"], ["doctor", "--quick"], ["sync"], ["hits", "summary"],])
def test_json_is_the_same_in_both(filled, command):
    english, indonesian = (speak(filled, language, *command, "--json") for language in ({"LC_ALL": "C"}, INDONESIAN))
    assert indonesian.returncode == english.returncode
    assert settled(indonesian.stdout) == settled(english.stdout)


def test_what_is_stored_is_the_same_in_both(workspace, filled):
    for place, language in ((workspace, INDONESIAN), (workspace, {"LC_ALL": "C"})):
        assert speak(place, language, "local", "allow", "news.example", "--reason", "uji").returncode == DONE
    first, second = workspace.tool.do("db", "history", "--json").json()["records"]
    assert (first["command"], first["detail"]) == (second["command"], second["detail"]) == ("local allow", "uji")


def test_a_language_with_a_path_in_it_is_none(filled, new_folder):
    folder = new_folder("elsewhere")
    (folder / "LC_MESSAGES").mkdir()
    shutil.copy(paths.TOOL.parent.parent / "share" / CATALOGUE, folder / "LC_MESSAGES/saring.mo")
    for name in ("LANGUAGE", "LANG"):
        said = speak(filled, {"LC_ALL": "C.UTF-8", "LANGUAGE": f"{'../' * 20}{folder}"}
                     if name == "LANGUAGE" else {"LANG": f"{'../' * 20}{folder}"}, "explain", "hoax.example")
        assert "BLOCKED" in said.stdout


def install_beside(folder, po):
    """A program of its own with this catalogue, as they would be installed."""
    program, catalogue = folder / "bin/blocklist-tool", folder / "share" / CATALOGUE
    program.parent.mkdir(), catalogue.parent.mkdir(parents=True)
    shutil.copy(paths.TOOL, program)
    (folder / "id.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n' + po
    )
    subprocess.run(["msgfmt", "-o", str(catalogue), str(folder / "id.po")], check=True)  # without --check
    return program


def test_values_may_stand_in_another_order(filled, new_folder):
    program = install_beside(new_folder("reordered"), 'msgid "  because   %1 (%2)"\nmsgstr "%2 / %1"\n')
    assert "and all below it / hoax.example" in speak(filled, INDONESIAN, "explain", "hoax.example",
                                                      program=program).stdout


@pytest.mark.parametrize("wrong", ["%9", "%", "%0", "%s%n%s", "%12345678901234567890", "", "%1%1%1", "{1} %-1 %1$s"])
def test_no_catalogue_can_break_the_program(filled, new_folder, wrong):
    program = install_beside(
        new_folder("wrong"),
        f'msgid "order %1"\nmsgstr "<{wrong}>"\n\nmsgid "  because   %1 (%2)"\nmsgstr "<{wrong}>"\n',
    )
    for command, code in ((["explain", "hoax.example"], DONE), (["order", "show", "B-9/UJI"], NO)):
        said = speak(filled, INDONESIAN, *command, program=program)
        assert said.returncode == code and "<" in said.stdout + said.stderr


def test_a_damaged_catalogue_is_english(filled, new_folder):
    folder = new_folder("damaged")
    program = install_beside(folder, 'msgid "BLOCKED"\nmsgstr "DIBLOKIR"\n')
    catalogue = folder / "share" / CATALOGUE
    for content in (b"", b"no catalogue", catalogue.read_bytes()[:20]):
        catalogue.write_bytes(content)
        said = speak(filled, INDONESIAN, "explain", "hoax.example", program=program)
        assert said.returncode == DONE and "BLOCKED" in said.stdout


def test_the_module_speaks_english_alone():
    """It runs in Unbound, which may have set any locale, so it loads no catalogue."""
    wanted = subprocess.run(
        ["nm", "--dynamic", "--undefined-only", str(paths.MODULE)], capture_output=True, text=True, check=True
    ).stdout
    assert "pthread" in wanted and not re.search(r"gettext|textdomain|setlocale|uselocale", wanted)


def test_the_template_has_all_that_is_said():
    extracted = subprocess.run([str(PO / "extract")], capture_output=True, text=True, check=True).stdout
    assert extracted == (PO / "saring.pot").read_text(), "cmake --build --preset release --target update-po"


@pytest.mark.parametrize("catalogue", sorted(PO.glob("*.po")), ids=lambda file: file.stem)
def test_everything_is_translated(catalogue, tmp_path):
    subprocess.run(["msgfmt", "--check", "--check-format", "-o", os.devnull, str(catalogue)], check=True)
    subprocess.run(["msgcmp", str(catalogue), str(PO / "saring.pot")], check=True)  # all, and none of them fuzzy
    obsolete = subprocess.run(
        ["msgattrib", "--only-obsolete", str(catalogue)], capture_output=True, text=True, check=True
    ).stdout
    assert obsolete == ""


@pytest.mark.parametrize("catalogue", sorted(PO.glob("*.po")), ids=lambda file: file.stem)
def test_translations_keep_the_values_and_the_edges(catalogue):
    """%1 and so on, and the blanks and line breaks by which pieces are joined."""
    text = subprocess.run(["msgcat", "--no-wrap", str(catalogue)], capture_output=True, text=True, check=True).stdout
    for entry in text.split("\n\n")[1:]:
        english, theirs = (
            "".join(re.findall(r'"(.*)"', part)) for part in re.split(r"^msgstr", entry, maxsplit=1, flags=re.MULTILINE)
        )
        plural = re.split(r"^msgid_plural", entry, flags=re.MULTILINE)
        if len(plural) == 1:
            assert sorted(set(re.findall(r"%\d+", english))) == sorted(set(re.findall(r"%\d+", theirs))), entry
            assert (english[:1] == " ", english[-1:] == " ",
                    english.endswith("\\n")) == (theirs[:1] == " ", theirs[-1:] == " ", theirs.endswith("\\n")), entry


# One Indonesian word for each notion: the one in use, and those that were used beside it.
TERMS = {
    "server": "peladen", "byte": "bita", "disk": "cakram", "commit": "komit", "image": "citra", "target": "sasaran",
    "lembaga": r"otoritas(?! sertifikat)", "tercantum": "terdaftar|mendaftar|didaftar",
    "hit": "kena blokir|log permintaan", "perintah blokir": "perintah pemblokiran", "perintah": "perintah shell",
    "aturan pengaman": "aturan ke(?:selamatan|amanan)", "basis data": "buku besar", "wilayah": "daerah",
    "tindakan": "aksi", "path": "jalur",
}


@pytest.mark.parametrize("term", TERMS)
def test_the_catalogue_uses_one_term_for_each_notion(term):
    text = "\n".join(re.findall(r'^msgstr(?:\[0\])? (.*(?:\n".*")*)', (PO / "id.po").read_text(), flags=re.MULTILINE))
    assert re.findall(rf"(?i)\b(?:{TERMS[term]})\b", text) == [], f"say {term}"
