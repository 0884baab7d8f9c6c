"""`key show`: whose key it is and what it may sign."""
import pytest

from support.tool import DONE, NO, UNTRUSTED


def shown(workspace, *words, code=DONE):
    result = workspace.tool("key", "show", *words, "--json")
    assert result.code == code, result
    return result.json()


@pytest.mark.parametrize("half", ["public", "secret"])
def test_a_key_is_shown_with_its_name_and_roles(workspace, half):
    [key] = shown(workspace, getattr(workspace.ministry, half))
    assert (key["key_id"], key["public_key"], key["name"], key["roles"], key["trusted"]) == (
        workspace.ministry.id,
        workspace.ministry.public_text,
        "ministry",
        ["order"],
        True,
    )
    out = workspace.tool.do("key", "show", getattr(workspace.ministry, half)).out
    assert "ministry" in out and "may sign    order" in out and workspace.ministry.id in out


def test_an_untrusted_key_is_shown_as_such(workspace):
    stranger = workspace.key("stranger").public
    [key] = shown(workspace, stranger, code=NO)
    assert (key["name"], key["roles"], key["trusted"]) == (None, [], False)
    assert "not trusted" in workspace.tool("key", "show", stranger).out


def test_without_a_file_all_configured_keys_are_shown(feed):
    work = feed.workspace
    feed.follow(
        keys={
            work.ministry: {"revoked": "2024-01-01T00:00:00Z"},
            feed.key: {"roles": ["feed"], "valid_until": "2199-01-01T00:00:00Z"},
        }
    )
    assert [(k["name"], k["roles"], k["trusted"], k["revoked"], k["valid_until"]) for k in shown(work)] == [
        ("ministry", ["order"], False, "2024-01-01T00:00:00Z", None),
        ("feed-key", ["feed"], True, None, "2199-01-01T00:00:00Z"),
    ]
    assert "was revoked" in work.tool.do("key", "show").out


def test_the_secret_half_is_never_shown(workspace):
    secret = workspace.ministry.secret.read_text().splitlines()[1]
    assert secret not in str(workspace.tool.do("key", "show", workspace.ministry.secret))


def test_a_file_that_is_no_key_is_refused(workspace):
    assert workspace.config.name in workspace.tool.refused(UNTRUSTED, "key", "show", workspace.config).err
