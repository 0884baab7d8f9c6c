"""What of a file is in memory."""
import ctypes
import mmap
import os
from pathlib import Path

_mincore = ctypes.CDLL(None, use_errno=True).mincore
_mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]


def forget(path: Path) -> None:
    """Drops a file's clean pages from the page cache, so that whoever reads it next pays for them."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(fd)


def resident(path: Path) -> float:
    """The part of it that is there."""
    size = path.stat().st_size
    with path.open("r+b") as file, mmap.mmap(file.fileno(), size) as mapped:
        pages = (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE
        there = ctypes.create_string_buffer(pages)
        view = ctypes.c_char.from_buffer(mapped)
        assert _mincore(ctypes.addressof(view), size, there) == 0, os.strerror(ctypes.get_errno())
        del view
    return sum(octet & 1 for octet in there.raw) / pages
