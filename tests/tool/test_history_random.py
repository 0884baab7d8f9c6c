"""Random sequences of apply, revoke, lift, import, rollback and restore through the real tool, against an
independent model that knows only sets of claims."""
import copy
import random

import pytest

from support import database, orders

NAMES = [f"{label}.example" for label in "abcdef"] + [f"x.{label}.example" for label in "abc"]


class Model:
    """The listed names by order id; the history is one copy for each serial."""

    def __init__(self):
        self.orders, self.lifted, self.past = {}, set(), []
        self.early = set()  # (id, name or None): lifted, perhaps before it was applied
        self.remember()

    def remember(self):
        self.past.append(copy.deepcopy((self.orders, self.lifted, self.early)))

    def back_to(self, serial):
        self.orders, self.lifted, self.early = copy.deepcopy(self.past[serial])

    def listed(self):
        return {(name, id) for id, names in self.orders.items() if id not in self.lifted for name in names}


def listed(workspace):
    tables = database.content(workspace.database)
    ids = {index: id.decode() for id, index in tables[b"order_ids"].items()}
    found = set()
    for key, value in tables[b"names"].items():
        name = ".".join(reversed(key.decode().rstrip("\0").split("\0")))
        for at in range(0, len(value), 5):
            found.add((name, ids[value[at:at + 4][::-1]]))
    return found, set(ids.values())


def step(chance, workspace, model, number):
    """One change on both sides; True when it was a commit."""
    tool, kind = workspace.tool, chance.choice(["apply", "apply", "apply", "revoke", "import", "rollback", "restore"])
    if kind == "apply":
        id, names = f"B-{number}", chance.sample(NAMES, 3)
        revokes = [{"order": f"B-{chance.randrange(number + 3)}"}] if chance.random() < 0.3 else []
        if chance.random() < 0.3:
            revokes.append({"order": f"B-{chance.randrange(number + 3)}", "domain": chance.choice(NAMES)})
        revokes = [r for r in revokes if r["order"] != id]
        workspace.apply(id=id, targets=orders.domains(*names), **({"revokes": revokes} if revokes else {}))
        model.orders[id] = {name for name in names if (id, name) not in model.early}
        if (id, None) in model.early:
            model.lifted.add(id)
        for lift in revokes:
            target, name = lift["order"], lift.get("domain")
            model.early.add((target, name))
            if target in model.orders:
                model.orders[target].discard(name) if name else model.lifted.add(target)
        return True
    if kind == "revoke":
        standing = sorted(set(model.orders) - model.lifted)
        if not standing:
            return False
        id = chance.choice(standing)
        tool.do("order", "revoke", id, "--reason", "uji")
        model.lifted.add(id)
        return True
    if kind == "import":
        names = set(chance.sample(NAMES, chance.randrange(1, 5)))
        if model.orders.get("list:uji") == names and "list:uji" not in model.lifted:
            return False
        file = workspace.folder / "list"
        file.write_text("\n".join(names))
        tool.do("list", "import", "--source", "uji", "--format", "domains", file)
        model.orders["list:uji"] = names
        model.lifted.discard("list:uji")
        return True
    serial = chance.randrange(len(model.past))
    if kind == "rollback":
        done = tool.do("db", "rollback", serial, "--reason", "uji", "--json").json()["rolled_back"]
    else:
        if serial not in workspace.backups:
            return False
        done = tool.do("db", "restore", workspace.backups[serial], "--reason", "uji", "--json").json()["restored"]
    model.back_to(serial)
    return done


@pytest.mark.parametrize("seed", range(4))
def test_the_database_equals_the_model(workspace, seed):
    chance, model, workspace.backups = random.Random(seed), Model(), {}
    workspace.tool.do("db", "init")
    for number in range(40):
        if step(chance, workspace, model, number):
            model.remember()
        found, ids = listed(workspace)
        assert found == model.listed(), f"step {number}"
        assert ids == set(model.orders), f"step {number}"
        if chance.random() < 0.1:
            workspace.backups[len(model.past) - 1] = workspace.folder / f"backup-{number}"
            workspace.tool.do("db", "backup", workspace.backups[len(model.past) - 1], "--replace")
    assert workspace.tool.do("status", "--json").json()["serial"] == len(model.past) - 1
    assert workspace.tool("db", "check", "--signatures", "--json").json()["findings"] == []
