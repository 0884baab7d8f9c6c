"""`selftest` against real resolvers: one with the module, one whose module was left out."""
import json

import pytest

from support.ports import Port
from support.tool import NETWORK, NO, USAGE


def selftest(workspace, resolver, *options):
    return workspace.tool("selftest", "--resolver", f"127.0.0.1:{resolver.port}", "--seed", "1", "--json", *options)


@pytest.fixture
def filled(workspace):
    workspace.block(*(f"n{i}.example" for i in range(8)), id="B-1")
    workspace.block("exact.example", id="B-2", match="exact", action="nodata")
    workspace.block("r.example", id="B-3", action="redirect")
    workspace.block("refused.example", id="B-4", action="refused")
    workspace.block("regional.example", id="B-5", regions=["ID-JK"])
    workspace.block("logged.example", id="B-6", action="log")
    workspace.block("gone.example", id="B-7")
    workspace.tool.do("order", "revoke", "B-7", "--reason", "uji")
    workspace.never = workspace.folder / "never-block.txt"
    workspace.never.write_text("# must resolve\nkpu.test  # election body\n.portal.test\n")
    return workspace


def test_a_resolver_with_the_module_passes(filled, resolver_of):
    resolver = resolver_of(filled).start()
    result = selftest(filled, resolver, "--never-block", filled.never)
    told = result.json()
    assert result.code == 0, result
    assert (told["format"], told["passed"], told["asked"], told["wrong"], told["seed"]) == ("saring-selftest/1", True,
                                                                                            13, 0, 1)
    assert {r["order"] for r in told["results"]} == {"B-1", "B-2", "B-3", "B-4", None}
    assert {r["action"] for r in told["results"]} == {"nxdomain", "nodata", "redirect", "refused", None}
    assert {r["name"] for r in told["results"] if r["expected"] == "not blocked"} == {"kpu.test", "portal.test"}
    assert any(
        r["name"].startswith("selftest-") for r in told["results"]
    ), "names below a subtree are asked for as well"


def test_a_resolver_whose_module_was_left_out_fails(filled, resolver_of):
    resolver = resolver_of(filled, chain="validator iterator").start()
    result = selftest(filled, resolver, "--never-block", filled.never)
    told = result.json()
    assert result.code == NO and told["passed"] is False and told["wrong"] == 11, result
    assert all(
        r["right"] == (r["expected"] == "not blocked") and bool(r["problem"]) != r["right"] for r in told["results"]
    )


def test_a_resolver_on_another_database_fails(filled, resolver_of, new_folder):
    """A resolver that blocks, but by an order other than the expected one."""
    from support.workspace import Workspace
    other = Workspace(new_folder("other"))
    other.block(*(f"n{i}.example" for i in range(8)), "exact.example", "r.example", "refused.example", id="OTHER")
    result = selftest(filled, resolver_of(other).start())
    assert result.code == NO and "names another order" in result.out


def test_a_never_block_name_that_is_blocked_is_reported(filled, resolver_of):
    resolver = resolver_of(filled).start()
    filled.never.write_text("n1.example\nkpu.test\n")
    told = selftest(filled, resolver, "--never-block", filled.never).json()
    assert [(r["name"], r["problem"]) for r in told["results"] if not r["right"]] == [
        ("n1.example", "is blocked, but must not be")
    ]


def test_a_never_block_name_that_does_not_resolve_is_reported(filled, resolver_of):
    resolver = resolver_of(filled).start()
    filled.never.write_text("kpu.invalid\n")
    told = selftest(filled, resolver, "--never-block", filled.never).json()
    assert [(r["name"], r["problem"]) for r in told["results"] if not r["right"]] == [
        ("kpu.invalid", "does not resolve")
    ]


def test_an_order_that_drops_is_right_when_nothing_comes(workspace, resolver_of):
    workspace.block("dropped.example", action="drop")
    resolver = resolver_of(workspace).start()
    told = selftest(workspace, resolver, "--timeout", "1").json()
    assert told["passed"] is True and told["results"][0]["answer"] == "no answer"


def test_a_sample_is_as_large_as_asked_and_the_same_for_the_same_seed(filled, resolver_of):
    resolver = resolver_of(filled).start()
    first, second = (selftest(filled, resolver, "--sample", "3").json() for _ in range(2))
    assert len(first["results"]) == 3 and first["results"] == second["results"]


def test_a_resolver_that_does_not_answer_is_a_network_failure(filled):
    port = Port()
    result = filled.tool.refused(NETWORK, "selftest", "--resolver", f"127.0.0.1:{port.number}", "--timeout", "1")
    port.release()
    assert "does not answer" in result.err


@pytest.mark.parametrize(
    "address", ["", "resolver.example", "127.0.0.1:0", "127.0.0.1:99999", "[::1", "[::1]53", "127.0.0.1:x"]
)
def test_an_address_that_is_none_is_refused(filled, address):
    assert "--resolver" in filled.tool.refused(USAGE, "selftest", "--resolver", address).err


def test_nothing_to_ask_is_reported(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace).start()
    assert "nothing to query" in workspace.tool.refused(NO, "selftest", "--resolver", f"127.0.0.1:{resolver.port}").err


def test_its_result_goes_into_the_receipt(filled, resolver_of):
    resolver = resolver_of(filled).start()
    result, receipt, isp = filled.folder / "selftest.json", filled.folder / "receipt.json", filled.key("isp")
    result.write_text(selftest(filled, resolver).out)
    make = ("receipt", "make", "--isp", "ISP Uji", "--secret-key", isp.secret, "--output", receipt, "--selftest")
    filled.tool.do(*make, result)
    assert json.loads(receipt.read_text())["selftest"] == json.loads(result.read_text())
    assert "selftest: passed" in filled.tool("receipt", "verify", receipt, "--public-key", isp.public).out
    result.write_text('{"passed": true}')
    assert str(result) in filled.tool.refused(USAGE, *make, result).err


def test_over_ipv4_without_a_port_the_standard_one_is_asked(filled):
    # Nothing listens on port 53 of this address: it must fail as unreachable, not as a bad address.
    filled.tool.refused(NETWORK, "selftest", "--resolver", "127.9.9.9", "--timeout", "1")


def landing(workspace, *lines):
    """Changes the configured landing page; a running resolver keeps the previous one."""
    kept = [line for line in workspace.config.read_text().splitlines() if not line.startswith("redirect_")]
    kept.insert(kept.index("[answer]") + 1, "\n".join(lines))
    workspace.config.write_text("\n".join(kept) + "\n")


@pytest.fixture
def redirecting(workspace, resolver_of):
    workspace.block("r.example", action="redirect")
    return lambda: resolver_of(workspace).start()


def problem(workspace, resolver):
    result = selftest(workspace, resolver)
    (told,) = result.json()["results"]
    assert result.code == (0 if told["right"] else NO), result
    return told["problem"]


def test_a_redirect_to_another_address_is_reported(workspace, redirecting):
    resolver = redirecting()
    landing(workspace, 'redirect_a = ["192.0.2.81"]')
    assert problem(workspace, resolver) == "is not answered as action redirect requires"


def test_a_redirect_to_more_than_the_landing_page_is_reported(workspace, redirecting):
    landing(workspace, 'redirect_a = ["192.0.2.80", "192.0.2.81"]')
    resolver = redirecting()
    assert problem(workspace, resolver) is None
    landing(workspace, 'redirect_a = ["192.0.2.80"]')
    assert problem(workspace, resolver) == "is not answered as action redirect requires"


def test_a_redirect_to_an_ipv6_address_alone_is_asked_for_as_such(workspace, redirecting):
    landing(workspace, 'redirect_aaaa = ["2001:db8::80"]')
    resolver = redirecting()
    assert problem(workspace, resolver) is None
    landing(workspace, 'redirect_aaaa = ["2001:db8::81"]')
    assert problem(workspace, resolver) == "is not answered as action redirect requires"


def test_a_landing_host_without_an_address_is_reported(workspace, redirecting):
    landing(workspace, 'redirect_cname = "landing.example"')
    resolver = redirecting()
    assert problem(workspace, resolver) is None
    resolver.stop()
    landing(workspace, 'redirect_cname = "landing.invalid"')
    assert problem(workspace, redirecting()) == "is not answered as action redirect requires"


def test_a_redirect_without_a_target_is_reported(workspace, redirecting):
    landing(workspace)
    assert problem(workspace, redirecting()) == "must be redirected, but saring.toml has no landing page"


def test_a_name_listed_only_below_itself_is_queried_below(workspace, resolver_of):
    """The name itself is not blocked, and perhaps has no address."""
    zone = workspace.folder / "zone.rpz"
    zone.write_text("@ SOA l. r. 1 1 1 1 1\n" + "".join(f"*.n{i}.example CNAME .\n" for i in range(6)))
    workspace.tool.do("list", "import", "--source", "below", "--format", "rpz", zone)
    told = selftest(workspace, resolver_of(workspace).start()).json()
    assert told["wrong"] == 0 and sum(r["name"].startswith("selftest-") for r in told["results"]) == 6, told
