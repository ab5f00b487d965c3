"""A registry on a free port of the loopback interface, with storage of its own."""

import socket
import subprocess
import time
import urllib.request

from .debian import find_program
from .layout import TAG

_CONFIG = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: "{storage}"}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


class Registry:
    """Runs docker-registry until it is closed."""

    def __init__(self, directory):
        program = find_program("docker-registry")
        if not program:
            raise FileNotFoundError("docker-registry is not installed")
        directory.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        config = directory / "config.yml"
        port = self.address.rpartition(":")[2]
        config.write_text(_CONFIG.format(storage=directory / "storage", port=port))
        self.log = open(directory / "log", "wb")
        self.process = subprocess.Popen(
            [program, "serve", str(config)], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL
        )
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _wait(self):
        for _ in range(200):
            try:
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                    f"http://{self.address}/v2/", timeout=5
                ).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise OSError(f"docker-registry does not answer, {self.log.name} says why")

    def reference(self, image):
        return f"{self.address}/bench/{image.name}:{TAG}"

    def push(self, image):
        """Puts an image there; what the storage has already is not sent again."""
        command = [find_program("skopeo"), "copy", "-q", "--dest-tls-verify=false"]
        command += [f"oci:{image.reference}", f"docker://{self.reference(image)}"]
        subprocess.run(command, check=True, capture_output=True)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
