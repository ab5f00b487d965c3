"""One run of a program, measured: wall time, CPU time of it and all it waited for, resident memory."""

import fcntl
import os
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

_SAMPLING = 0.02  # seconds


class RunFailed(Exception):
    """A program that ended with another code than 0; the message is the last thing it said."""


@dataclass(frozen=True)
class Run:
    """Seconds of wall and CPU time (user and system, children too); bytes of the largest process at its peak."""

    wall: float
    cpu: float
    resident: int


@dataclass(frozen=True)
class Memory:
    """Peaks in bytes: all that is resident, and of it what is not a mapping of a file."""

    resident: int
    own: int


def run(command, environment=None):
    """Runs a program to its end and measures it."""
    with _started(command, environment) as program:
        used = program.ended()
        wall = time.monotonic() - program.start
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def memory(command, environment=None):
    """Runs a program of one process and watches its memory, which takes time: not a run to be timed."""
    with _started(command, environment) as program:
        ended = threading.Event()
        peaks = []
        watch = threading.Thread(target=_watch, args=(program.pid, ended, peaks))
        watch.start()
        try:
            used = program.ended()
        finally:
            ended.set()
            watch.join()
    return Memory(used.ru_maxrss * 1024, max(peaks, default=0))


class _Program:
    """A program that runs, in a session of its own so that all of it can be ended."""

    def __init__(self, command, environment, said):
        self.said = said
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            command,
            env=dict(os.environ, **(environment or {})),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        self.pid = self.process.pid

    def ended(self):
        """Waits; what the program and all it waited for have used."""
        _, status, used = os.wait4(self.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode:
            self.said.seek(0)
            lines = self.said.read()[-4000:].decode(errors="replace").strip().splitlines()
            raise RunFailed(lines[-1][:300] if lines else f"ended with {self.process.returncode}")
        return used


@contextmanager
def _started(command, environment):
    with tempfile.TemporaryFile() as said:
        program = _Program(command, environment, said)
        try:
            yield program
        finally:
            if program.process.returncode is None:  # interrupted
                os.killpg(program.pid, signal.SIGKILL)
                program.process.wait()


def _watch(pid, ended, peaks):
    """Heap, stacks and native memory are anonymous or shared memory; mapped files are neither."""
    while not ended.wait(_SAMPLING):
        try:
            with open(f"/proc/{pid}/status") as status:
                fields = dict(line.split(":", 1) for line in status)
            peaks.append(sum(int(fields[name].split()[0]) for name in ("RssAnon", "RssShmem")) * 1024)
        except (OSError, KeyError):  # it has ended
            return


@contextmanager
def alone(lock):
    """Holds the lock file that all heavy work on a shared machine agreed on, if there is one."""
    if lock is None:
        yield
        return
    with open(lock, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
