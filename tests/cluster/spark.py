"""A real Apache Spark: a master, workers and a Connect server, each a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bundles import PROJECT
from tests.running import free_port

# An environment of its own, as `make test-cluster` makes it: the whole Spark is 450 MB, and none of ours needs it.
[HOME] = list((PROJECT / ".venv" / "cluster").glob("lib/python*/site-packages/pyspark")) or [Path("/nowhere")]
WAITS_SECONDS = 180
WORKERS = ("worker 1", "worker 2")
SETTINGS = {
    "spark.sql.shuffle.partitions": "4",
    "spark.executor.memory": "768m",
    "spark.ui.enabled": "false",
    "spark.connect.grpc.binding.address": "127.0.0.1",
}


class Spark:
    """Its processes by name: `master`, `worker 1`, `worker 2`, `connect`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._master = f"spark://127.0.0.1:{free_port()}"
        self.port = free_port()
        self._java = shutil.which("java") or "java"

    @property
    def url(self) -> str:
        return f"sc://127.0.0.1:{self.port}"

    def start_cluster(self) -> None:
        port = self._master.rpartition(":")[2]
        one = "org.apache.spark.deploy"
        self._start("master", f"{one}.master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", "0")
        self._wait("master", "I have been elected leader")
        for name in WORKERS:
            limits = ("--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(self._folder / name))
            self._start(name, f"{one}.worker.Worker", *limits, "--host", "127.0.0.1", self._master)
        for name in WORKERS:
            self._wait(name, "Successfully registered with master")

    def start_connect(self, **settings: str) -> None:
        """The server that clients speak to, which is the driver of the cluster."""
        given = SETTINGS | {"spark.connect.grpc.binding.port": str(self.port)} | settings
        pairs = [part for key, value in given.items() for part in ("--conf", f"{key}={value}")]
        server = ("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal")
        submit = ("org.apache.spark.deploy.SparkSubmit", "--master", self._master, "--driver-memory", "1g")
        self._start("connect", *submit, *pairs, *server)
        self._wait("connect", "Spark Connect server started")

    def kill(self, name: str) -> None:
        """As when the machine is gone: a worker with its executors."""
        process = self._processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        for name in list(self._processes):
            self.kill(name)

    def log(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text(errors="replace")

    def _start(self, name: str, *command: str) -> None:
        java = (self._java, "-Xmx1g", "-cp", f"{HOME}/jars/*:{self._folder}", *_OPENED)
        environment = os.environ | {"SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1"}
        environment |= {"SPARK_SCALA_VERSION": "2.13", "SPARK_WORKER_DIR": str(self._folder)}
        with (self._folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [*java, *command], cwd=self._folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self, name: str, said: str) -> None:
        until = time.monotonic() + WAITS_SECONDS
        while time.monotonic() < until and self._processes[name].poll() is None:
            if re.search(said, self.log(name)):
                return
            time.sleep(0.2)
        raise RuntimeError(f"{name} did not start:\n{self.log(name)[-3000:]}")


# What Java 17 opens to Spark when its own launcher starts it.
_OPENED = (
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/java.net=ALL-UNNAMED",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
    "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
    "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED",
    "-Djdk.reflect.useDirectMethodHandle=false",
    "-Dio.netty.tryReflectionSetAccessible=true",
)


@contextmanager
def running_spark(folder: Path) -> Iterator[Spark]:
    """Master, two workers and the Connect server, until the end of the block."""
    spark = Spark(folder)
    try:
        spark.start_cluster()
        spark.start_connect()
        yield spark
    finally:
        spark.kill_all()
