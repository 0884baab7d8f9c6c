"""Clients in different regions: the prefix table that most regional tests share."""
from pathlib import Path

JAKARTA, WEST_JAVA, NOWHERE = "127.0.1.5", "127.0.2.5", "127.0.9.5"
TABLE = """\
# prefix       region
127.0.1.0/24   ID-JK
127.0.2.0/24   ID-JB
127.0.1.128/25 ID-BT   # the longest prefix decides
"""
BANTEN = "127.0.1.200"


def located(workspace, more: str = "", table: str | None = TABLE) -> Path:
    """Configures the prefix table, with an empty database; `more` are lines of [region]."""
    path = workspace.folder / "prefixes"
    if table is not None:
        path.write_text(table)
    workspace.configure(more=f'\n[region]\nprefix_table = "{path}"\n{more}\n')
    workspace.tool.do("db", "init")
    return path
