"""One kernel: N containers over one image, and what they take."""

import subprocess
from contextlib import ExitStack, contextmanager

from . import memory, workload


class Container:
    """The workload in a root directory, in a mount namespace and a memory control group of its own."""

    def __init__(self, root, group, lines):
        self.group = group
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "chroot", root, *workload.COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=group.enter,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
        )
        self.process.stdin.write("\n".join(lines) + "\n\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if answer[:1] != ["ready"]:
            raise OSError(f"the workload in {root} ended before it was ready")
        self.read, self.mapped = map(int, answer[1:])

    def pid(self):
        """Of the workload, a child of unshare."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(children) as file:
            return int(file.read().split()[0])

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def running(roots, lines):
    with ExitStack() as ends:
        containers = []
        for number, root in enumerate(roots, 1):
            group = memory.Group(f"daxshare-{number}")
            ends.callback(group.remove)
            containers.append(Container(root, group, lines))
            ends.callback(containers[-1].close)
        yield containers


def measure(ways, way, count, lines):
    """One row of the table."""
    with ways.mounted(way, count) as roots:
        memory.empty_caches()
        before = memory.machine()
        with running(roots, lines) as containers:
            after = memory.machine()
            code = [memory.code(container.pid()) for container in containers]
            return {
                "way": way,
                "containers": count,
                "used": containers[0].read + containers[0].mapped,
                "cache": after.cache - before.cache,
                "image in tmpfs": ways.image.stat().st_size if way == "tmpfs" else 0,
                "charged": sum(container.group.charged() for container in containers),
                "taken": before.available - after.available,
                "code mapped": sum(each["rss"] for each in code),
                "code in memory": sum(each["pss"] for each in code),
            }
