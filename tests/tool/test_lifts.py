"""Orders that lift others: what they lift, what they do not, and the output about it."""
import pytest

from support import orders
from support.tool import NO, UNSAFE, USAGE

NEAR = "www.surat-suara-palsu.example"
MEANT = "surat-suara-palsu.example"


def lift(feed, id, *revokes, **fields):
    return feed.order(id, targets=orders.ABSENT, revokes=list(revokes), **fields)


def of(id, domain=None, match=None):
    return {"order": id, **({"domain": domain} if domain else {}), **({"match": match} if match else {})}


def refused(feed, *files):
    before = feed.manifest.read_bytes()
    result = feed.workspace.tool.refused(UNSAFE, "feed", "publish", feed.directory, *files, *feed.options())
    assert feed.manifest.read_bytes() == before
    return result.err


@pytest.fixture
def published(feed):
    feed.publish(
        feed.order("B-1/2024", targets=orders.domains(NEAR, "hoax.example", "a.hoax.example", "b.a.hoax.example"))
    )
    return feed


def blocked(workspace, *names):
    return [name for name in names if workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"]


@pytest.mark.parametrize(
    "revocation, told",
    [
        (of("B-1/2024", MEANT), f"it lists {NEAR}, which is below"),
        (of("B-1/2024", "m.hoax.example"), "it lists hoax.example, which covers it"),
        (of("B-1/2024", "hoaks.example"), "it lists hoax.example: did you mean that?"),
        (of("B-01/2024"), "order B-1/2024 is: did you mean that?"),
        (of("B-404"), "order B-404 is not in the feed"),
    ],
)
def test_a_lift_that_lifts_nothing_is_not_published_and_the_near_match_is_named(published, revocation, told):
    error = refused(published, lift(published, "L-1", revocation))
    assert "lifts nothing" in error and told in error, error


def test_a_lift_below_a_name_that_has_nothing_below_is_not_published(published):
    error = refused(
        published, lift(published, "L-1", of("B-1/2024", "other.example", "subtree"), format="saring-order/2")
    )
    assert "lists neither other.example nor a name below it" in error, error


def test_one_idle_lift_among_good_ones_is_not_published(published):
    assert MEANT in refused(published, lift(published, "L-1", of("B-1/2024", "hoax.example"), of("B-1/2024", MEANT)))


def test_a_lift_of_an_order_that_blocks_nothing_is_not_published(published):
    published.publish(lift(published, "L-1", of("B-1/2024", NEAR)))
    assert "L-1 has no targets" in refused(published, lift(published, "L-2", of("L-1")))


def test_a_lift_of_a_lifted_order_is_not_published(published):
    published.publish(lift(published, "L-1", of("B-1/2024")))
    for revocation in (of("B-1/2024"), of("B-1/2024", "hoax.example")):
        assert "lifted already by order L-1" in refused(published, lift(published, "L-2", revocation))


def test_a_lift_by_another_authority_is_not_published(published):
    error = refused(published, lift(published, "L-1", of("B-1/2024"), authority="Kementerian Lain"))
    assert "Kementerian Uji" in error and "safety.may_lift" in error, error


def test_a_lift_and_the_lifted_order_may_be_published_together(feed):
    feed.publish(lift(feed, "L-1", of("B-1")), feed.order("B-1"))
    assert [order["id"] for order in feed.read()["orders"]] == ["L-1", "B-1"]
    assert feed.sync().code == 0 and feed.active() == {"L-1"}


def test_an_order_that_was_withdrawn_can_still_be_lifted(published):
    published.workspace.tool.do(
        "feed", "withdraw", published.directory, "B-1/2024", "--secret-key", published.key.secret
    )
    published.publish(lift(published, "L-1", of("B-1/2024", "hoax.example")))
    assert "does not list" in refused(published, lift(published, "L-2", of("B-1/2024", "other.example")))


def test_a_lift_is_not_withdrawn_while_the_lifted_order_is_in_force(published):
    published.publish(lift(published, "L-1", of("B-1/2024")))
    before = published.manifest.read_bytes()
    for ids in (["L-1"], ["B-1/2024", "L-1"]):
        result = published.workspace.tool.refused(
            UNSAFE, "feed", "withdraw", published.directory, *ids, "--secret-key", published.key.secret
        )
        assert (
            "lifts order B-1/2024, which holds until 2199-01-01" in result.err
            and published.manifest.read_bytes() == before
        )


def test_verify_does_not_call_a_feed_good_whose_lift_lifts_nothing(published):
    """Published by another program, or by an earlier Saring."""
    idle = lift(published, "L-1", of("B-1/2024", MEANT))
    published.publish(lift(published, "L-0", of("B-1/2024", NEAR)))
    signature = next(idle.parent.glob(f"{idle.name}.*.minisig"))
    entries = []
    for file, name in ((idle, "orders/idle.json"), (signature, "orders/idle.json.minisig")):
        import hashlib

        content = file.read_bytes()
        (published.directory / name).write_bytes(content)
        entries.append({"path": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)})
    published.rewrite(lambda m: m["orders"].append({"id": "L-1", **entries[0], "signatures": entries[1:]}))
    result = published.workspace.tool("feed", "verify", published.directory)
    assert result.code == NO and "all good" not in result.out and NEAR in result.out, result
    told = published.workspace.tool("feed", "verify", published.directory, "--json").json()
    assert told["good"] is False and [i["order"] for i in told["idle_lifts"]] == ["L-1"]
    # The ISP applies it and sees a notice.
    result = published.sync("--json")
    [item] = [o for o in result.json()["feeds"][0]["orders"] if o["order"] == "L-1"]
    assert (
        item["outcome"] == "applied" and NEAR in item["idle_lifts"][0]["why"] and "L-1: lifts nothing" in result.err
    ), result


def test_a_draft_warns_of_lifts_without_effect(published):
    draft = published.workspace.folder / "draft.json"
    words = [
        "order",
        "new",
        "--id",
        "L-1",
        "--authority",
        "Kementerian Uji",
        "--expires",
        "90d",
        "--output",
        draft,
        "--feed",
        published.directory,
    ]
    result = published.workspace.tool.do(*words, "--revoke", f"B-1/2024={MEANT}")
    assert "lifts nothing" in result.err and NEAR in result.err and draft.exists()
    draft.unlink()
    result = published.workspace.tool.do(
        *words, "--revoke", f"B-1/2024={NEAR}", "--revoke-below", "B-1/2024=hoax.example"
    )
    assert result.err == ""
    assert (
        "has no feed"
        in published.workspace.tool.refused(USAGE, *words[:-1], published.workspace.folder, "--revoke", "B-1/2024").err
    )


def test_an_isp_sees_a_notice_of_a_lift_without_effect(workspace):
    workspace.block(NEAR, id="B-1/2024")
    file = workspace.signed(id="L-1", targets=orders.ABSENT, revokes=[of("B-1/2024", MEANT), of("B-2")])
    result = workspace.tool.do("order", "apply", file)
    assert (
        result.err.count("L-1: lifts nothing") == 2 and NEAR in result.err and "2 of them lift nothing" in result.out
    ), result
    assert blocked(workspace, NEAR) == [NEAR]
    again = workspace.tool.do("order", "apply", file, "--json").json()[0]
    assert again["applied"] is False and [i["order"] for i in again["idle_lifts"]] == ["B-1/2024", "B-2"]
    assert NEAR in workspace.tool.do("order", "show", "L-1").out


def test_a_lift_of_a_name_and_all_below_it(workspace):
    workspace.block("hoax.example", "a.hoax.example", "b.a.hoax.example", "nothoax.example")
    workspace.apply(
        id="L-1", format="saring-order/2", targets=orders.ABSENT, revokes=[of(orders.ID, "a.hoax.example", "subtree")]
    )
    shown = workspace.tool.do("order", "show", orders.ID, "--json").json()
    assert shown["names"] == 2
    assert [(n["name"], n["by"]) for n in shown["lifted_names"]] == [
        ("a.hoax.example", "L-1"),
        ("b.a.hoax.example", "L-1"),
    ]
    assert all(n["lifted"].endswith("Z") for n in shown["lifted_names"])
    out = workspace.tool.do("order", "show", orders.ID).out
    assert "b.a.hoax.example, " in out and "by order L-1" in out


def test_a_document_of_the_first_format_keeps_its_meaning(workspace):
    workspace.block("hoax.example", "a.hoax.example")
    workspace.apply(id="L-1", targets=orders.ABSENT, revokes=[of(orders.ID, "hoax.example")])
    assert workspace.tool.do("order", "show", orders.ID, "--json").json()["names"] == 1
    assert blocked(workspace, "hoax.example", "a.hoax.example") == ["a.hoax.example"]
    wrong = workspace.signed(id="L-2", targets=orders.ABSENT, revokes=[of(orders.ID, "hoax.example", "subtree")])
    assert "saring-order/2" in workspace.tool.refused(USAGE, "order", "apply", wrong).err


def test_a_draft_is_of_the_second_format_only_where_it_needs_it(workspace):
    def format_of(*words):
        return workspace.tool.do("order", "new", "--id", "L-1", "--authority", "Uji", "--expires", "90d", *words).json()

    assert format_of("--revoke", "B-1=hoax.example")["format"] == "saring-order/1"
    draft = format_of("--revoke-below", "B-1=hoax.example")
    assert draft["format"] == "saring-order/2" and draft["revokes"] == [
        {"order": "B-1", "domain": "hoax.example", "match": "subtree"}
    ]


@pytest.mark.parametrize(
    "words", [["--revoke-below", "B-1"], ["--revoke", "=hoax.example"], ["--revoke", "B-1=203.0.113.7"]]
)
def test_a_lift_that_cannot_be_is_refused(workspace, words):
    assert (
        words[0]
        in workspace.tool.refused(
            USAGE, "order", "new", "--id", "L-1", "--authority", "Uji", "--expires", "90d", *words
        ).err
    )


def test_a_lift_that_has_expired_still_lifts(workspace):
    workspace.block("hoax.example")
    result = workspace.apply(id="L-1", expires="2024-02-01T00:00:00Z", targets=orders.ABSENT, revokes=[of(orders.ID)])
    assert "it expired 2024-02-01" in result.out and not blocked(workspace, "hoax.example")


def test_an_isp_that_syncs_after_the_lift_expired_has_the_same_result(feed, new_folder):
    from support.workspace import Workspace

    early, late = feed.workspace, Workspace(new_folder("late"))
    late.config.write_text(early.config.read_text().replace(str(early.database), str(late.database)))
    feed.publish(feed.order("B-1"), lift(feed, "L-1", of("B-1"), expires=orders.at(3)))
    assert feed.sync().code == 0
    from support.waiting import wait_for

    wait_for(lambda: early.tool.do("order", "show", "L-1", "--json").json()["state"] == "expired", "the lift's end", 10)
    result = feed.publish()
    assert "L-1: expired, kept" in result.out and len(feed.read()["orders"]) == 2
    assert late.tool("sync").code == 0 and feed.sync().code == 0
    assert not blocked(early, "b-1.example") and not blocked(late, "b-1.example")
