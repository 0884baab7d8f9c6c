"""The popularity guard: names that rank high in public rankings wait for a person."""
import pytest

from support import orders
from support.tool import DONE, UNSAFE, USAGE


@pytest.fixture
def ranking(workspace):
    def write(text, rank=None, name="tranco.csv"):
        file = workspace.folder / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        more = f"popular_rank = {rank}\n" if rank else ""
        workspace.configure(more=f'\n[safety]\nmax_order_lifetime_days = 400000\npopular_lists = ["{file}"]\n{more}')
        return file
    return write


def held_of(workspace, *names, match=None, **fields):
    result = workspace.tool(
        "order", "apply", "--json", workspace.signed(targets=orders.domains(*names, match=match), **fields)
    )
    assert result.code in (DONE, UNSAFE), result
    return {h["target"]: (h["rule"], h["why"]) for h in result.json()[0]["held"]}


def test_a_name_is_held_with_its_rank(workspace, ranking):
    ranking("1,one.example\n2,two.example\n3,three.example\n", rank=2)
    held = held_of(workspace, "two.example", "three.example", "four.example")
    assert held == {
        "two.example": ("popular", "two.example ranks 2 in tranco.csv, among the first 2 (safety.popular_rank)")
    }


def test_www_is_the_same_site_on_either_side(workspace, ranking):
    ranking("1,one.example\n2,www.two.example\n")
    assert set(
        held_of(workspace, "www.one.example", "two.example", "www.two.example", "wwwone.example", "www.www.one.example")
    ) == {"www.one.example", "two.example", "www.two.example"}


def test_a_subtree_is_held_for_names_below_it_and_a_name_below_is_not(workspace, ranking):
    """Umbrella ranks hosts, Tranco registered names; what people have below a popular name need not be popular."""
    ranking("7,login.portal.one.example\n9,two.example\n5,api.one.example\n")
    held = held_of(workspace, "one.example", "people.two.example")
    assert held == {
        "one.example": ("popular",
                        "api.one.example ranks 5 in tranco.csv, among the first 100000 (safety.popular_rank)")
    }
    assert held_of(workspace, "one.example", match="exact", id="B-2") == {}
    assert set(held_of(workspace, "two.example", match="exact", id="B-3")) == {"two.example"}


def test_of_several_rankings_the_best_rank_counts(workspace, ranking):
    other = workspace.folder / "umbrella.csv"
    other.write_bytes(b"3,one.example\r\n4,netflix-like.example\r\n")
    first = ranking("90,one.example\n")
    workspace.config.write_text(workspace.config.read_text().replace(f'["{first}"]', f'["{first}", "{other}"]'))
    held = held_of(workspace, "one.example", "netflix-like.example")
    assert "ranks 3 in umbrella.csv" in held["one.example"][1] and set(held) == {"one.example", "netflix-like.example"}


def test_lists_are_guarded_as_orders_are(workspace, ranking):
    ranking("".join(f"{n},site{n}.example\n" for n in range(1, 2001)) + "2001,deep.host.portal.example\n", rank=3000)
    file = workspace.folder / "list.txt"
    file.write_text("".join(f"bad{n}.example\n" for n in range(1000)) +
                    "site7.example\nwww.site9.example\nportal.example\nx.site11.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    held = workspace.tool.do("quarantine", "list", "--json").json()["targets"]
    assert {h["target"] for h in held} == {"site7.example", "www.site9.example", "portal.example"} and {
        h["rule"] for h in held
    } == {"popular"}


def test_an_international_name_ranks_in_either_form(workspace, ranking):
    ranking("1,xn--hox-rla.example\n2,b\u00fccher.example\n")
    assert set(held_of(workspace, "hoäx.example",
                       "xn--bcher-kva.example")) == {"xn--hox-rla.example", "xn--bcher-kva.example"}


def test_a_person_may_release_targets_held_by_the_guard(workspace, ranking):
    ranking("1,one.example\n")
    held_of(workspace, "one.example", "two.example")
    workspace.tool.do("quarantine", "release", orders.ID, "one.example", "--reason", "meant so")
    assert workspace.tool("explain", "one.example").code == DONE


def test_a_million_lines_are_read_at_once_and_no_line_is_skipped_unread(workspace, ranking):
    """Not the duration, which depends on the machine: it works, and the last line counts."""
    ranking("".join(f"{n},n{n}.example\n" for n in range(1, 1_000_001)), rank=1_000_000)
    assert set(held_of(workspace, "n1000000.example", "n1000001.example")) == {"n1000000.example"}


@pytest.mark.parametrize("text, why", [(b"", "ranks no name"), (b"1,one.example\ntwo.example\n", "csv:2"),
                                       (b"rank,name\n1,one.example\n", "csv:1"),
                                       (b"1;one.example\n", "no rank and name"),
                                       (b"1,one.example,x\n", "no rank and name"),
                                       (b"0,one.example\n", "no rank and name"),
                                       (b"99999999999,one.example\n", "no rank and name"),
                                       (b"200000,one.example\n", "ranks no name at 100000"),
                                       (b"PK\x03\x04", "compressed"), (b"\x1f\x8b\x08", "compressed"),
                                       (b"<html>", "csv:1"), (b"1,one.example\n1\xf1,\xff\n", "csv:2")])
def test_a_ranking_that_is_none_stops_everything(workspace, ranking, text, why):
    file = ranking(text)
    error = workspace.tool.refused(USAGE, "order", "apply", workspace.signed()).err
    assert str(file) in error and why in error and not workspace.database.exists()


def test_a_ranking_that_is_missing_stops_everything(workspace, ranking):
    file = ranking("1,one.example\n")
    file.unlink()
    assert str(file) in workspace.tool.refused(USAGE, "order", "apply", workspace.signed()).err
