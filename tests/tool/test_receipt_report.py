"""`receipt report`: many ISPs' receipts, order by order."""
import pytest

from support import keys, orders
from support.tool import NO, UNTRUSTED, USAGE
from support.workspace import Workspace

PAST = "2024-01-02T00:00:00Z"


class Isp:
    def __init__(self, name, ministry, folder):
        self.name, self.workspace, self.key = name, Workspace(folder), keys.make_key(folder, "isp")
        self.workspace.configure(trusted=[ministry.ministry])
        self.receipt = folder / "receipt.json"

    def state(self, name=None):
        self.workspace.tool.do(
            "receipt", "make", "--isp", name or self.name, "--secret-key", self.key.secret, "--output", self.receipt
        )
        return self.receipt


@pytest.fixture
def scene(workspace, new_folder):
    """Four ISPs; the ministry's orders B-1 (deadline in the future) and B-2 (deadline long past)."""
    first = workspace.signed(id="B-1", deadline=orders.at(3600), targets=orders.domains("a.example"))
    second = workspace.signed(id="B-2", deadline=PAST, targets=orders.domains("b.example"))
    workspace.isps = {name: Isp(name, workspace, new_folder("isp")) for name in ("Alfa", "Beta", "Gama Net", "Delta")}
    for isp in workspace.isps.values():
        isp.workspace.tool.do("order", "apply", first)
    workspace.isps["Alfa"].workspace.tool.do("order", "apply", second)
    workspace.isps["Gama Net"].workspace.tool.do("order", "revoke", "B-1", "--reason", "keberatan")
    workspace.table = workspace.folder / "isps.txt"
    workspace.table.write_text(
        "# who has to report\n\n" + "".join(f"{isp.key.public_text}  {name}\n" for name, isp in workspace.isps.items())
    )
    return workspace


def report(scene, *files, options=()):
    return scene.tool("receipt", "report", "--isps", scene.table, *options, *files, "--json")


def test_each_isp_is_in_the_right_group(scene):
    files = [scene.isps[name].state() for name in ("Alfa", "Beta", "Gama Net")]
    result = report(scene, *files)
    told = result.json()
    assert result.code == NO and (told["isps"], told["never_reported"], told["all_complied"]) == (4, ["Delta"], False)
    first, second = told["orders"]
    assert (first["order"], first["complied"], first["lifted"], first["silent"]) == ("B-1", ["Alfa", "Beta"],
                                                                                     ["Gama Net"], ["Delta"])
    assert (second["order"], second["deadline"], second["late"], second["missing"], second["silent"]) == (
        "B-2", PAST, ["Alfa"], ["Beta", "Gama Net"], ["Delta"])


def test_all_complied_is_exit_code_0(scene):
    files = [scene.isps[name].state() for name in ("Alfa", "Beta", "Delta")]
    scene.table.write_text("".join(line for line in scene.table.read_text().splitlines(True) if "Gama" not in line))
    result = report(scene, *files, options=("--order", "B-1"))
    assert result.code == 0 and result.json()["all_complied"] is True


def test_an_order_lifted_by_an_order_counts_as_complied_with(scene):
    lifting = scene.signed(id="B-3", targets=orders.ABSENT, revokes=[{"order": "B-1"}])
    isp = scene.isps["Alfa"]
    isp.workspace.tool.do("order", "apply", lifting)
    [line] = [o for o in report(scene, isp.state()).json()["orders"] if o["order"] == "B-1"]
    assert line["complied"] == ["Alfa"]


def test_names_and_orders_that_another_order_lifted_are_told_with_it(scene):
    both = [scene.isps["Alfa"], scene.isps["Beta"]]
    lift = scene.signed(id="L-1", targets=orders.ABSENT, revokes=[{"order": "B-1", "domain": "a.example"}])
    whole = scene.signed(id="L-2", targets=orders.ABSENT, revokes=[{"order": "B-2"}])
    both[0].workspace.tool.do("order", "apply", lift)
    both[0].workspace.tool.do("order", "apply", whole)
    files = [isp.state() for isp in both]
    told = {line["order"]: line for line in report(scene, *files).json()["orders"]}
    assert {id: line["kind"] for id, line in told.items()} == {
        "B-1": "block", "B-2": "block", "L-1": "lift", "L-2": "lift"
    }
    [one] = told["B-1"]["lifts"]
    assert (one["name"], one["by"], one["isps"]) == ("a.example", "L-1", ["Alfa"]) and one["first"] == one["last"]
    assert [(o["name"], o["by"]) for o in told["B-2"]["lifts"]] == [(None, "L-2")]
    assert (told["L-1"]["complied"], told["L-1"]["missing"]) == (["Alfa"], ["Beta"])
    out = scene.tool("receipt", "report", "--isps", scene.table, *files).out
    assert f"B-1: a.example was lifted from it by order L-1 at 1 of 4 ISPs: {one['first']}" in out, out
    assert "B-2 was lifted by order L-2 at 1 of 4 ISPs: " in out, out
    rows = [line.split() for line in out.splitlines()]
    assert ["L-1", "lift"] in [row[:2] for row in rows] and ["B-1", "block"] in [row[:2] for row in rows]


def test_of_two_receipts_the_later_counts(scene):
    isp = scene.isps["Beta"]
    older = isp.state().rename(isp.receipt.with_name("older.json"))
    isp.receipt.with_name("receipt.json.minisig").rename(older.with_name("older.json.minisig"))
    from support.waiting import wait_for
    made = lambda file: __import__("json").loads(file.read_text())["made"]
    isp.workspace.tool.do("order", "revoke", "B-1", "--reason", "uji")
    wait_for(lambda: made(isp.state()) > made(older), "another second")
    for files in ([older, isp.receipt], [isp.receipt, older]):
        [line] = [o for o in report(scene, *files).json()["orders"] if o["order"] == "B-1"]
        assert line["lifted"] == ["Beta"] and line["complied"] == []


def test_a_receipt_in_another_s_name_is_refused_and_the_others_count(scene):
    good, forged = scene.isps["Alfa"].state(), scene.isps["Beta"].state(name="Delta")
    result = report(scene, good, forged)
    told = result.json()
    assert result.code == UNTRUSTED and told["reported"] == ["Alfa"] and "Delta" in told["never_reported"]
    assert [p["file"] for p in told["problems"]] == [str(forged)] and "in the name of" in result.err


def test_an_altered_receipt_and_a_stranger_s_are_refused(scene, new_folder):
    altered = scene.isps["Alfa"].state()
    altered.write_bytes(altered.read_bytes().replace(b"applied", b"revoked", 1))
    stranger = Isp("Alfa", scene, new_folder("stranger"))
    stranger.workspace.tool.do("db", "init")
    told = report(scene, altered, stranger.state()).json()
    assert told["reported"] == [] and len(told["problems"]) == 2


def test_people_read_a_table(scene):
    files = [scene.isps[name].state() for name in ("Alfa", "Beta")]
    out = scene.tool("receipt", "report", "--isps", scene.table, *files).out
    assert (
        "2 of 4 ISPs reported; never: Gama Net, Delta" in out and "B-2 late: Alfa" in out and "B-2 missing: Beta" in out
    )


@pytest.mark.parametrize(
    "text, where", [("", "no ISP"), ("RWfoo Alfa\n", ":1"), ("{key}\n", ":1"), ("{key} Alfa\n{key} Beta\n", ":2")]
)
def test_a_bad_table_of_isps_is_refused_by_line(scene, text, where):
    file = scene.isps["Alfa"].state()
    scene.table.write_text(text.replace("{key}", scene.ministry.public_text))
    assert where in scene.tool.refused(USAGE, "receipt", "report", "--isps", scene.table, file).err
