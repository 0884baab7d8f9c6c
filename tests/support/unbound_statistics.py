"""A control socket that answers `stats_noreset` as Unbound does, with sums that a test chooses."""
import socketserver
import threading
from pathlib import Path


class UnboundStatistics:
    """Sums: queries, those answered from cache, SERVFAIL; the rest took `recursion`: seconds up to 2^k microseconds."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, 1000.0
        self.queries = self.cached = self.servfail = self.exceeded = 0
        self.recursion: dict[int, int] = {}
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                assert self.rfile.readline() == b"UBCT1 stats_noreset\n"
                self.wfile.write(outer.text().encode())

        self._server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def serve(self, *, cached: int = 0, recursive: dict[int, int] | None = None, servfail: int = 0,
              seconds: float = 60, exceeded: int = 0) -> None:
        """Adds what happens until the next reading."""
        for exponent, replies in (recursive or {}).items():
            self.recursion[exponent] = self.recursion.get(exponent, 0) + replies
        self.queries += cached + sum((recursive or {}).values())
        self.cached += cached
        self.servfail += servfail
        self.exceeded += exceeded
        self.clock += seconds

    def restart(self) -> None:
        self.queries = self.cached = self.servfail = self.exceeded = 0
        self.recursion = {}

    def text(self) -> str:
        replies = sum(self.recursion.values())
        lines = [f"total.num.queries={self.queries}", f"total.num.cachehits={self.cached}",
                 f"total.num.recursivereplies={replies}", f"total.requestlist.exceeded={self.exceeded}",
                 "total.requestlist.overwritten=0", "total.requestlist.current.user=0",
                 "total.recursion.time.avg=0.01", f"time.now={self.clock:.6f}",
                 f"num.answer.rcode.NOERROR={self.queries - self.servfail}",
                 f"num.answer.rcode.SERVFAIL={self.servfail}"]
        for exponent in range(0, 40):
            low, high = (0 if exponent == 0 else 2 ** (exponent - 1)), 2 ** exponent
            lines.append(f"histogram.{low // 10**6:06d}.{low % 10**6:06d}.to.{high // 10**6:06d}.{high % 10**6:06d}="
                         f"{self.recursion.get(exponent, 0)}")
        return "\n".join(lines) + "\n"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
