"""An ISP that follows a policy zone by transfer, and the result in its database."""
from pathlib import Path
from typing import Any

from support.feeds import option
from support.knot import ZONE
from support.tool import Result
from support.workspace import Workspace

NAME = "provider"


class Follower:
    def __init__(self, workspace: Workspace, port: int, tsig_file: Path | None = None, **options: Any) -> None:
        self.workspace = workspace
        self.configure(port, tsig_file, **options)

    def configure(self, port: int, tsig_file: Path | None = None, *, zone: str = ZONE, **options: Any) -> None:
        """(Re)writes the configuration: one feed."""
        self.workspace.configure()
        given = {
            "name": NAME, "url": f"axfr://127.0.0.1:{port}/{zone}",
            **({"tsig_file": str(tsig_file)} if tsig_file else {}), **options
        }
        with self.workspace.config.open("a") as file:
            file.write("\n[[feed]]\n" + "".join(f"{key} = {option(value)}\n" for key, value in given.items()))

    def sync(self, *options: str) -> dict[str, Any]:
        """A synchronisation that succeeds; its report."""
        return self.workspace.tool.do("sync", "--json", *options).json()["feeds"][0]

    def refused(self, code: int | set[int]) -> str:
        """A synchronisation that fails with this code and changes no name; its message."""
        before = self.names()
        result: Result = self.workspace.tool.refused(code, "sync")
        assert self.names() == before, result
        return result.err

    def names(self) -> dict[str, str]:
        """The records in the zone export of the database: owner -> data."""
        result = self.workspace.tool("feed", "export", "--origin", "x", "--output", "-")
        lines = [line.split() for line in result.out.splitlines() if not line.startswith((";", "$", "@"))]
        return {line[0]: " ".join(line[1:]) for line in lines}

    def serial(self) -> int:
        """Of the database."""
        return self.workspace.tool.do("status", "--json").json()["serial"]

    def state(self) -> dict[str, Any]:
        [feed] = self.workspace.tool.do("status", "--json").json()["feeds"]
        return feed
