"""Runs programs, in turns where several are compared, and tells wall time, processor time and peak memory."""
import dataclasses
import json
import os
import shutil
import statistics
import subprocess
import sys
import time


@dataclasses.dataclass
class Run:
    """One run of one program."""
    wall: float
    processor: float
    system: float  # the part of `processor` that the kernel took
    peak: float  # MiB
    output: str
    turns: list = ()  # of the medians of several turns: each


class Runner:
    """Runs programs with their output in a folder.

    They are started by a process of their own that stays small: the kernel counts the memory of the process that
    forks as the new one's, until exec.
    """

    def __init__(self, folder):
        self.names = [str(folder / name) for name in ("stdout", "stderr")]
        self.starter = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def close(self):
        self.starter.stdin.close()
        self.starter.wait()

    def once(self, arguments):
        """One run; ends the benchmark when the program fails."""
        print(json.dumps([self.names, [str(a) for a in arguments]]), file=self.starter.stdin, flush=True)
        code, wall, processor, system, peak = json.loads(self.starter.stdout.readline())
        output, errors = (open(name, errors="replace").read() for name in self.names)
        if code != 0:
            sys.exit(f"bench: exit {code}: {' '.join(map(str, arguments))}\n{errors[:1000]}")
        return Run(wall, processor, system, peak, output)

    def turns(self, programs, turns, before=None):
        """Runs programs in turns. `programs`: lists of commands by name, each run one after the other as one.

        Returns the medians of wall and processor times and the highest peak by name; `before` is called with the name
        before each command.
        """
        seen = {name: [] for name in programs}
        for _ in range(turns):
            for name, commands in programs.items():
                runs = []
                for command in commands:
                    if before:
                        before(name)
                    runs.append(self.once(command))
                seen[name].append(Run(sum(r.wall for r in runs), sum(r.processor for r in runs),
                                      sum(r.system for r in runs), max(r.peak for r in runs), runs[0].output))
        return {name: Run(statistics.median(r.wall for r in runs), statistics.median(r.processor for r in runs),
                          statistics.median(r.system for r in runs), max(r.peak for r in runs), runs[0].output, runs)
                for name, runs in seen.items()}


class Winnow:
    """The program under test, writing to one place that is cleared before each run."""

    def __init__(self, binary, out, jobs=None):
        self.binary, self.out, self.jobs = binary, out, jobs

    def clear(self, *_):
        """Removes what the run before wrote; takes what `Runner.turns` gives and needs none of it."""
        shutil.rmtree(self.out, ignore_errors=True)

    def command(self, config, jobs=None):
        """Arguments of an import that is stateless and quiet."""
        jobs = jobs or self.jobs
        return [self.binary, "import", "--config", config, "--out", self.out, "--no-ledger", "--quiet",
                *(["--jobs", str(jobs)] if jobs else [])]


def touch(folder, size):
    """Writes `size` bytes to a file in memory and removes it.

    A virtual machine may hand free pages back to its host, and gets each of them anew when it is first written to,
    which here cost up to six times what writing costs otherwise, as system time of the program that happened to write.
    This takes that time before the run that is measured.
    """
    path, data = folder / "touched", bytes(1 << 20)
    with open(path, "wb", buffering=0) as file:
        for _ in range(min(size, shutil.disk_usage(folder).free // 2) >> 20):
            file.write(data)
    path.unlink()


def machine():
    """What was measured on."""
    def first(path, key):
        try:
            with open(path) as lines:
                return next(line.split(":", 1)[1].strip() for line in lines if line.startswith(key))
        except (OSError, StopIteration):
            return "unknown"
    memory = first("/proc/meminfo", "MemTotal").split()[0]
    return {"processor": first("/proc/cpuinfo", "model name"), "processors": os.cpu_count(),
            "memoryGiB": round(int(memory) / 2**20, 1) if memory.isdigit() else None,
            "kernel": os.uname().release, "date": time.strftime("%Y-%m-%d")}


def serve():
    """Runs one command for each line of standard input and prints exit status, seconds, processor seconds, MiB."""
    for line in sys.stdin:
        names, arguments = json.loads(line)
        with open(names[0], "wb") as out, open(names[1], "wb") as err:
            began = time.monotonic()
            process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        print(json.dumps([process.returncode, wall, usage.ru_utime + usage.ru_stime, usage.ru_stime,
                          usage.ru_maxrss / 1024]),
              flush=True)


if __name__ == "__main__":
    serve()
