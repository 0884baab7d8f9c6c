"""The Unbound under test: saring.so in its module chain, the authority behind it."""
import os
from dataclasses import dataclass
from pathlib import Path

from support import paths
from support.authority import Authority
from support.unbound import Unbound

CHAIN = "dynlib validator iterator"


@dataclass
class Tls:
    """DNS over TLS and over HTTPS: PEM files of the server's key and certificate."""

    key: Path
    certificate: Path


class Resolver(Unbound):
    def __init__(self, folder: Path, saring_config: Path, authority: Authority, *, chain: str = CHAIN,
                 threads: int = 1, extra: str = "", tls: Tls | None = None,
                 wrapper: tuple[str, ...] = (), program: Path | None = None) -> None:
        super().__init__(folder)
        self._saring_config = saring_config
        self._authority = authority
        self._chain = chain
        self._extra = extra
        self._tls = tls
        self.threads = threads
        self.wrapper = wrapper
        self.program = program or paths.UNBOUND_PROGRAM
        self.tls_port = self.https_port = 0

    def environment(self) -> dict[str, str]:
        return {**os.environ, "SARING_CONFIG": str(self._saring_config)}

    def configuration(self) -> str:
        lines = [f'module-config: "{self._chain}"', "ede: yes", "access-control: 127.0.0.0/8 allow"]
        if self._tls:
            self.tls_port = self.new_port()
            self.https_port = self.new_port()
            lines += [f"interface: 127.0.0.1@{self.tls_port}", f"tls-port: {self.tls_port}",
                      f"interface: 127.0.0.1@{self.https_port}", f"https-port: {self.https_port}",
                      f'tls-service-key: "{self._tls.key}"', f'tls-service-pem: "{self._tls.certificate}"']
        # A clause of its own, since `extra` may open others.
        return ("server:\n" + "".join(f"    {line}\n" for line in lines)
                + (f'dynlib:\n    dynlib-file: "{paths.MODULE}"\n' if "dynlib" in self._chain else "")
                + f'forward-zone:\n    name: "."\n    forward-addr: 127.0.0.1@{self._authority.port}\n'
                + self._extra)

    def without_module(self) -> None:
        """From the next reload on."""
        text = self.config_file.read_text()
        self.config_file.write_text(text.replace(self._chain, self._chain.replace("dynlib ", "")))
