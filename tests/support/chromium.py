"""A real headless Chromium, driven over its DevTools pipe (file descriptors 3 and 4, no port, no library)."""
import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

PROGRAM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--no-proxy-server", "--hide-scrollbars", "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    "--remote-debugging-pipe"
]
DEADLINE = 60.0


class Chromium:
    """One page. `folder` becomes its profile. The caller calls stop()."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        commands, self._to = os.pipe()
        self._from, events = os.pipe()
        # The shell moves the pipe to the descriptors that Chromium expects.
        script = f'exec "$@" 3<&{commands} 4>&{events}'
        with (folder / "chromium.log").open("wb") as log:
            self._process = subprocess.Popen([
                "setpriv", "--pdeathsig", "KILL", "bash", "-c", script, "bash", PROGRAM, *FLAGS,
                f"--user-data-dir={folder}/profile", "about:blank"
            ], stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(commands, events),
                                             env={**os.environ, "HOME": str(folder)}, start_new_session=True)
        os.close(commands)
        os.close(events)
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + DEADLINE
        while True:
            answer = self._receive(end, method)
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def _receive(self, end: float, what: str) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], max(0.0, end - time.monotonic()))
            data = os.read(self._from, 1 << 16) if ready else b""
            assert data, f"no answer from Chromium to {what}:\n" + (self._folder / "chromium.log").read_text(
                errors="replace"
            )
            self._buffer += data
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def wait_event(self, method: str, **wanted: Any) -> dict[str, Any]:
        """An event whose parameters include the wanted ones."""
        end = time.monotonic() + DEADLINE
        while True:
            for event in self.events:
                if event.get("method") == method and wanted.items() <= event["params"].items():
                    return event["params"]
            self.events.append(self._receive(end, method))

    def open(self, url: str) -> dict[str, Any]:
        """Loads a page and discards the events of the one before; returns Chromium's answer (errorText)."""
        self.events.clear()
        answer = self.call("Page.navigate", url=url)
        if "errorText" not in answer:
            # Only of this page: an event of the page before may still arrive.
            self.wait_event("Page.lifecycleEvent", name="load", loaderId=answer["loaderId"])
        return answer

    def look(self, *, width: int, height: int, dark: bool = False, mobile: bool = False) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def evaluate(self, expression: str) -> Any:
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def screenshot(self, file: Path) -> None:
        """The whole page, not only the part in the window."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))

    def print_pdf(self) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF")["data"])

    def requested(self) -> list[str]:
        """URLs requested since open(), without those inside the page."""
        urls = [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith("data:")]

    def complaints(self) -> list[str]:
        """Console messages: violations of the content security policy, script errors."""
        return [
            json.dumps(e["params"])
            for e in self.events
            if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        ]

    def stop(self) -> None:
        self._session = None
        try:
            os.write(self._to, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
            self._process.wait(timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, 9)  # a session of its own: Chromium and its children only
            self._process.wait()
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(self._folder / "profile", ignore_errors=True)
