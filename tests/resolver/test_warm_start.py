"""After a reboot no part of the database is in memory: the module reads it ahead of the look-ups."""
import ctypes
import mmap
import os

import pytest

from support.waiting import wait_for

NAMES = 300000


class PageCache:
    """What of a file is in memory."""

    def __init__(self, path):
        self.path = path
        self._mincore = ctypes.CDLL(None, use_errno=True).mincore
        self._mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]

    def resident(self) -> float:
        size = self.path.stat().st_size
        with self.path.open("r+b") as file, mmap.mmap(file.fileno(), size) as mapped:
            pages = (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE
            there = ctypes.create_string_buffer(pages)
            view = ctypes.c_char.from_buffer(mapped)
            assert self._mincore(ctypes.addressof(view), size, there) == 0, os.strerror(ctypes.get_errno())
            del view
        return sum(octet & 1 for octet in there.raw) / pages

    def drop(self) -> None:
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def test_a_database_that_is_on_disk_only_is_read_ahead(workspace, resolver_of):
    listed = workspace.folder / "names"
    listed.write_text("".join(f"hoax-{number * 7919 % 1000003}.n{number % 977}.example\n" for number in range(NAMES)))
    workspace.tool.do("list", "import", "--source", "list", "--format", "domains", listed)
    cache = PageCache(workspace.database / "data.mdb")
    cache.drop()
    if cache.resident() > 0.5:
        pytest.skip("this file system keeps its files in memory")
    resolver = resolver_of(workspace).start()
    wait_for(lambda: cache.resident() == 1.0, "the whole database in memory")
    assert resolver.dig("hoax-7919.n1.example").status == "NXDOMAIN"
