"""Orders come and go without pause while dnsperf asks for all there is: nobody gets an answer that
is older than the bound, a failure, or none."""
import random
import re
import subprocess
import threading
import time

from support import orders
from support.authority import RESOLVED

SECONDS = 12
# A commit must be in force within one second. While other tests run, this bound only detects "never";
# tests/bench measures the second.
BOUND = 8.0
CHURNED = [f"hoax{number}.example" for number in range(6)]


class Churn(threading.Thread):
    """Applies and revokes orders of one name each, and records when the commit of each state began and ended."""

    def __init__(self, workspace):
        super().__init__()
        self._workspace = workspace
        self.stop = threading.Event()
        self.history = {name: [(0.0, 0.0, None)] for name in CHURNED}  # (begun, ended, order id or None)
        self.commits = 0
        self.failure = None

    def run(self):
        chance = random.Random(7)
        number = 0
        try:
            while not self.stop.is_set():
                name = chance.choice(CHURNED)
                current = self.history[name][-1][2]
                begun = time.monotonic()
                if current:
                    self._workspace.tool.do("order", "revoke", current, "--reason", "uji")
                    self.history[name].append((begun, time.monotonic(), None))
                else:
                    number += 1
                    id_ = f"B-{number}/UJI/2024"
                    self._workspace.block(name, id=id_)
                    self.history[name].append((begun, time.monotonic(), id_))
                self.commits += 1
        except BaseException as error:  # shown by the test
            self.failure = error


def allowed(history, asked, answered):
    """The states that an answer to a query at that moment may follow."""
    states = set()
    for index, (begun, _, state) in enumerate(history):
        replaced = history[index + 1][1] if index + 1 < len(history) else float("inf")
        if begun <= answered and asked <= replaced + BOUND:
            states.add(state)
    return states


def test_no_stale_or_failed_answer_while_orders_come_and_go(workspace, resolver_of):
    workspace.tool.do("db", "init")
    workspace.configure(ttl=0)
    resolver = resolver_of(workspace, threads=2).start()
    questions = workspace.folder / "questions"
    questions.write_text("".join(f"{name} A\nwww.{name} AAAA\nnews{number}.example A\n"
                                 for number, name in enumerate(CHURNED * 20)))
    load = subprocess.Popen([
        "dnsperf", "-s", "127.0.0.1", "-p",
        str(resolver.port), "-d",
        str(questions), "-l",
        str(SECONDS), "-c", "8", "-Q", "8000", "-t", "8"
    ], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    churn = Churn(workspace)
    churn.start()
    answers = []
    while load.poll() is None:
        for name in CHURNED:
            asked = time.monotonic()
            answer = resolver.dig(name)
            answers.append((name, asked, time.monotonic(), answer))
    report = load.communicate()[0]
    churn.stop.set()
    churn.join()
    assert churn.failure is None, churn.failure
    seen, wrong = {"blocked": 0, "resolved": 0}, []
    for name, asked, answered, answer in answers:
        state = next((id_ for _, _, id_ in churn.history[name] if id_ and answer.blocked_by(id_)), None)
        good = answer.status == "NXDOMAIN" if state else answer.data("A") == [RESOLVED]
        seen["blocked" if state else "resolved"] += 1
        if not good or state not in allowed(churn.history[name], asked, answered):
            wrong.append((name, asked, answered, state, answer.raw, churn.history[name]))
    assert not wrong, wrong[:3]
    assert churn.commits > 10 and min(seen.values()) > 5, (churn.commits, seen)
    counts = {name: int(number) for name, number in re.findall(r"(NOERROR|NXDOMAIN|SERVFAIL|REFUSED) (\d+)", report)}
    assert counts.get("SERVFAIL", 0) == 0 and counts.get("REFUSED", 0) == 0 and counts["NXDOMAIN"] > 0, report
    lost = re.search(r"Queries lost:\s+(\d+)", report)
    assert lost and int(lost[1]) == 0, report
    assert resolver.starts() == 1 and resolver.server.exit_code() is None
