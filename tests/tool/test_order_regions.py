"""Regions of an order: provinces of Indonesia by ISO 3166-2:ID, which Debian's iso-codes lists too."""
import json
from pathlib import Path

import pytest

from support import orders
from support.tool import DONE, NO, USAGE

ISO = Path("/usr/share/iso-codes/json/iso_3166-2.json")
SINCE_2022 = {"ID-PD": "PP", "ID-PE": "PP", "ID-PS": "PP", "ID-PT": "PP"}  # not in Debian 12 yet


def iso():
    """Code -> its island; None for the islands' own codes."""
    listed = {
        one["code"]: one.get("parent") for one in json.loads(ISO.read_text())["3166-2"] if one["code"].startswith("ID-")
    }
    # Debian 13's file writes the parent with its country.
    return {**SINCE_2022, **{code: parent and parent.removeprefix("ID-") for code, parent in listed.items()}}


def applied(workspace, *regions, id=orders.ID):
    workspace.apply(id=id, regions=list(regions))
    return workspace.tool.do("order", "show", id, "--json").json()["regions"]


def test_every_province_is_a_region(workspace):
    provinces = sorted(code for code, parent in iso().items() if parent)
    assert len(provinces) == 38
    assert applied(workspace, *provinces) == provinces


def test_an_island_means_its_provinces(workspace):
    """No client is located by an island: an order with that code would apply nowhere."""
    islands = [code for code, parent in iso().items() if not parent]
    assert len(islands) == 7
    for island in islands:
        on_it = sorted(code for code, parent in iso().items() if parent == island[3:])
        assert sorted(applied(workspace, island, id=f"B-{island}")) == on_it
    assert applied(workspace, "ID-BA", "ID-NU", "ID-NT", id="B-twice") == ["ID-BA", "ID-NB", "ID-NT"]
    assert workspace.tool("explain", "hoax.example", "--region", "ID-NB").code == DONE
    assert workspace.tool("db", "check").code == DONE


@pytest.mark.parametrize("code, near", [("ID-XX", "ID-JK (Jakarta)"), ("ID-JKT", "ID-JB (Jawa Barat)"),
                                        ("ID-ZZ", "ID-JK"), ("ID-P", "ID-PA (Papua)"), ("ID-31", "ID-JK"),
                                        ("ID-SX", "ID-SU (Sumatera Utara)"), ("MY-10", "ID-JK"), ("JK-ID", "ID-JK")])
def test_a_code_that_is_no_region_of_indonesia_is_refused(workspace, code, near):
    for result in (workspace.tool("order", "apply", workspace.signed(regions=["ID-JK", code])),
                   workspace.tool("order", "new", "--id", "B-1", "--authority", "A", "--expires", orders.at(3600),
                                  "--domain", "hoax.example", "--region", code)):
        assert result.code == USAGE and code in result.err and "regions" in result.err, result
        assert near in result.err or "is not an ISO 3166-2 code" in result.err, result
    assert not workspace.database.exists()


def test_a_document_that_an_earlier_version_took_can_still_be_revoked(workspace):
    """Its region was never checked. Made by a change of the stored document and record alike."""
    workspace.apply(regions=["ID-JK"])
    data = workspace.database / "data.mdb"
    data.write_bytes(data.read_bytes().replace(b"ID-JK", b"ID-XX"))
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "x")
    assert workspace.tool("explain", "hoax.example").code == NO
