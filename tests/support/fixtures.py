"""pytest fixtures. A test file is one pytest run, so "session" means: once per file."""
import shutil
import tempfile
from pathlib import Path
from typing import Callable, Iterator

import pytest

from support import served
from support.authority import Authority
from support.clickhouse import ClickHouse
from support.feeds import Feed
from support.resolver import Resolver
from support.rude import Rude
from support.scripted import Scripted
from support.webserver import Authority as CertificateAuthority
from support.webserver import Nginx
from support.workspace import Workspace


@pytest.fixture(scope="session")
def new_folder() -> Iterator[Callable[[str], Path]]:
    """Makes folders below one that is removed at the end. Short, as a unix socket's path must be."""
    base = Path(tempfile.mkdtemp(prefix="saring-"))
    made = 0

    def make(name: str) -> Path:
        nonlocal made
        made += 1
        folder = base / f"{made}-{name}"
        folder.mkdir()
        return folder

    yield make
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def authority(new_folder) -> Iterator[Authority]:
    server = Authority(new_folder("authority"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def workspace(new_folder) -> Workspace:
    return Workspace(new_folder("work"))


@pytest.fixture(scope="module")
def shared_workspace(new_folder) -> Workspace:
    """For files whose tests only read what one of their fixtures applied."""
    return Workspace(new_folder("work"))


@pytest.fixture(scope="module")
def resolver_of(new_folder, authority) -> Iterator[Callable[..., Resolver]]:
    """Makes a Resolver on a workspace's database, not started; stops it at the end if it was started."""
    made: list[Resolver] = []

    def make(workspace: Workspace, **options) -> Resolver:
        made.append(Resolver(new_folder("resolver"), workspace.config, authority, **options))
        return made[-1]

    yield make
    for resolver in made:
        resolver.stop()


@pytest.fixture
def resolver(workspace, resolver_of) -> Iterator[Resolver]:
    """A resolver running on the test's own workspace, its database still empty."""
    workspace.tool.do("db", "init")
    server = resolver_of(workspace).start()
    yield server
    server.stop()


@pytest.fixture
def scripted() -> Iterator[Callable[..., Scripted]]:
    """Makes authoritative servers whose answers a function of the test gives."""
    made: list[Scripted] = []

    def make(handler) -> Scripted:
        made.append(Scripted(handler))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def feed(workspace) -> Feed:
    """A ministry's feed, nothing published yet, and an ISP configured to follow it from the directory."""
    return Feed(workspace)


@pytest.fixture(scope="session")
def ca(new_folder) -> CertificateAuthority:
    return CertificateAuthority(new_folder("ca"))


@pytest.fixture
def nginx_of(new_folder, feed, ca) -> Iterator[Callable[..., Nginx]]:
    """Starts an nginx that serves the feed, and has the ISP follow it there."""
    made: list[Nginx] = []

    def make(**options) -> Nginx:
        made.append(Nginx(new_folder("nginx"), feed.directory, **{"authority": ca, **options}).start())
        served.follow(feed, made[-1].url, ca)
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def rude_of(feed, ca) -> Iterator[Callable[..., Rude]]:
    """Starts a server with the given behaviour, and has the ISP follow it there."""
    made: list[Rude] = []

    def make(behaviour, **options) -> Rude:
        made.append(Rude(*ca.issue("DNS:localhost"), behaviour))
        served.follow(feed, made[-1].url, ca, **options)
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture(scope="module")
def clickhouse(new_folder) -> Iterator[ClickHouse]:
    server = ClickHouse(new_folder("clickhouse"))
    try:
        yield server.start()
    finally:
        server.stop()
