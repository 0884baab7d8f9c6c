"""`order new --sites`: a table of sites as officials keep it becomes targets; no row vanishes."""
import json

import pytest

from support.tool import DONE, UNSAFE, USAGE

LEAST = ["--id", "B-1", "--authority", "Uji", "--expires", "2199-01-01T00:00:00Z"]


class Made:
    def __init__(self, result):
        self.result, self.code, self.err = result, result.code, result.err
        document = json.loads(result.out) if result.code == DONE else {}
        self.targets = [t.get("domain") or t["address"] for t in document.get("targets", [])]

    def line(self, number):
        [found] = [text for text in self.err.splitlines() if f".csv:{number}: " in text or f".tsv:{number}: " in text]
        return found


@pytest.fixture
def table(workspace):
    def make(content, *options, name="sites.csv"):
        file = workspace.folder / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Made(workspace.tool("order", "new", *LEAST, "--sites", file, *options))
    return make


@pytest.mark.parametrize("cell, target", [("hoax.example", "hoax.example"), ("  hoax.example \t", "hoax.example"),
                                          ("HOAX.Example", "hoax.example"), ("hoax.example.", "hoax.example"),
                                          ("https://hoax.example", "hoax.example"),
                                          ("HTTP://Hoax.Example/", "hoax.example"), ("hoax.example/", "hoax.example"),
                                          ("https://hoax.example:443/", "hoax.example"),
                                          ('"hoax.example"', "hoax.example"), ("'hoax.example'", "hoax.example"),
                                          ("“hoax.example”", "hoax.example"),
                                          ("\u00a0hoax.example\u200b", "hoax.example"),
                                          ("<https://hoax.example/>", "hoax.example"),
                                          ("hxxps://hoax[.]example/", "hoax.example"),
                                          ("hoäx.example", "xn--hox-rla.example"),
                                          ("xn--hox-rla.example", "xn--hox-rla.example"),
                                          ("https://hoäx.example/", "xn--hox-rla.example"),
                                          ("203.0.113.7", "203.0.113.7"), ("203.0.113.0/28", "203.0.113.0/28"),
                                          ("2001:db8:1::7", "2001:db8:1::7")])
def test_a_cell_becomes_its_target_and_says_so(table, cell, target):
    made = table(f"{cell}\n", "--addresses")
    assert made.targets == [target], made.result
    assert target in made.line(1)


@pytest.mark.parametrize("address", ["203.0.113.7", "203.0.113.0/28", "2001:db8:1::7", "203.0.113[.]7"])
def test_an_address_among_sites_is_taken_only_when_addresses_are_meant(table, address):
    made = table(f"good.example\n{address}\n")
    assert made.code == USAGE and "is an address" in made.line(2) and "--addresses" in made.line(2), made.result
    assert table(f"good.example\n{address}\n", "--skip-bad").targets == ["good.example"]
    assert table(f"good.example\n{address}\n", "--addresses").code == DONE


def test_the_ministry_sees_that_isps_without_data_hold_an_address(workspace, table):
    workspace.configure(more="\n[safety]\nmax_order_lifetime_days = 400000\n")
    made = table("203.0.113.7\n", "--addresses")
    assert made.targets == ["203.0.113.7"] and "no ASN data" in made.err, made.result


def test_www_is_kept_and_the_bare_name_suggested(table):
    made = table("www.hoax.example\n")
    assert made.targets == ["www.hoax.example"]
    assert "hoax.example itself stays reachable" in made.line(1)


@pytest.mark.parametrize(
    "cell, fragment",
    [("https://hoax.example/news/1.html",
      "DNS cannot block a page, only the whole host; if all of hoax.example is meant, write hoax.example"),
     ("hoax.example/page", "write hoax.example"), ("https://hoax.example/?p=1", "is a page"),
     ("hoax.example:8080", "a port"), ("https://user@hoax.example/", "user name"),
     ("someone@hoax.example", "mail address"), ("ho*x.example", "wildcard inside a label"),
     ("*.hoax.example", "wildcard"), ("http://203.0.113.7/", "no name is looked up"), ("bad..example", "empty label"),
     ("hoax", "top-level domain"), ("https:///x", "no host name"), ("co.id", "public-suffix"),
     ("blogspot.com", "shared-suffix"), ("10.0.0.1", "special-address"), ("kpu.go.id", "never-block"),
     ("two words.example", "blank")])
def test_what_dns_cannot_do_is_refused_with_the_reason(table, cell, fragment):
    made = table(f"good.example\n{cell}\n")
    assert made.code == USAGE and not made.result.out, made.result
    assert fragment in made.line(2) and "refused" in made.line(2) and cell in made.line(2)


def test_bad_rows_can_be_left_out_on_request_and_are_still_reported(table):
    made = table("good.example\nhoax.example/page\nother.example\n", "--skip-bad")
    assert made.targets == ["good.example", "other.example"] and "refused" in made.line(2)
    assert "2 taken, 0 twice, 1 refused" in made.err


def test_a_site_that_is_there_twice_is_taken_once(table):
    made = table("hoax.example\nHTTPS://HOAX.example/\nother.example\n")
    assert made.targets == ["hoax.example", "other.example"] and "repeats line 1" in made.line(2)


@pytest.mark.parametrize(
    "heading", ["url", "URL", "Situs", "domain", "Alamat Situs", "Nama Domain", "website", "tautan", "alamat", " link "]
)
def test_a_column_is_found_by_its_heading(table, heading):
    made = table(
        f"No,Judul,{heading},Keterangan\n1,Hoaks pertama.example,hoax.example,sudah dilaporkan\n2,x,other.example,\n"
    )
    assert made.targets == ["hoax.example", "other.example"], made.result


def test_a_more_exact_heading_wins(table):
    assert table("nama situs,url\nBerita Palsu,https://hoax.example/\n").targets == ["hoax.example"]


def test_without_a_heading_the_first_column_that_is_a_site_is_read(table):
    assert table("1,hoax.example,catatan\n2,other.example,catatan\n").targets == ["hoax.example", "other.example"]


@pytest.mark.parametrize("column", ["2", "lokasi", "Lokasi"])
def test_a_column_can_be_named(table, column):
    assert table("a.example,Lokasi\nb.example,hoax.example\n", "--sites-column", column).targets == ["hoax.example"]


@pytest.mark.parametrize("column, fragment", [("9", "has no column 9"), ("lain", 'no column "lain"')])
def test_a_column_that_is_not_there_is_refused(table, column, fragment):
    made = table("no,url\n1,hoax.example\n", "--sites-column", column)
    assert made.code == USAGE and fragment in made.err


def test_a_table_without_any_column_of_sites_is_refused(table):
    made = table("satu,dua\n,\nx y,z z\n")
    assert made.code == USAGE and "--sites-column" in made.err


@pytest.mark.parametrize("content", [
    b"\xef\xbb\xbfdomain;catatan\r\nhoax.example;x\r\nother.example;y\r\n",
    b"domain\thoax\nhoax.example\tx\nother.example\ty", b"domain,x\rhoax.example,1\rother.example,2\r",
    b'"domain","note"\n"hoax.example","said ""yes"", then\nno"\n"other.example",""\n',
    b"domain\n\nhoax.example\n\n\nother.example\n\n"
])
def test_every_way_to_write_a_table_is_read(table, content):
    assert table(content).targets == ["hoax.example", "other.example"]


def test_a_tsv_is_split_at_tabulators_only(table):
    assert table("url\tnote\nhoax.example\ta,b;c\n", name="sites.tsv").targets == ["hoax.example"]


def test_lines_are_counted_as_an_editor_does(table):
    made = table('domain,note\nhoax.example,"two\nlines"\n\nhoax.example/page,x\n')
    assert "hoax.example/page" in made.line(5), made.result


def test_a_row_that_is_too_short_is_refused(table):
    made = table("no,url\n1,hoax.example\n2\n")
    assert made.code == USAGE and "no column url" in made.line(3)


@pytest.mark.parametrize("content, fragment", [(b"", "is empty"), (b"\n\n", "is empty"),
                                               ("domain\nhoax.example\n".encode("utf-16"), "UTF-16"),
                                               (b"PK\x03\x04zip", "save it as CSV"),
                                               (b'domain\n"hoax.example\n', "not closed"),
                                               (b"domain\nho\0ax.example\n", "zero byte")])
def test_what_is_no_table_is_refused(table, content, fragment):
    made = table(content)
    assert made.code == USAGE and fragment in made.err and "sites.csv" in made.err, made.result


def test_sites_come_beside_other_targets(table):
    assert table("hoax.example\n", "--domain", "first.example").targets == ["first.example", "hoax.example"]


@pytest.mark.parametrize("option, value, rule", [("--domain", "co.id", "public-suffix"),
                                                 ("--exact", "kpu.go.id", "never-block"),
                                                 ("--address", "10.0.0.0/8", "special-address")])
def test_options_are_held_to_the_same_rules(workspace, option, value, rule):
    result = workspace.tool.refused(UNSAFE, "order", "new", *LEAST, option, value)
    assert rule in result.err and option in result.err
