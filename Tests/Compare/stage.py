"""One world as one program plays it: a folder, the commands run in it, and what they said and left."""
import os
import pathlib
import re
import shutil
import subprocess

# Every file that a world lays out gets a time of its own choosing: run.json names it, and a file that
# was written to a moment ago makes a run wait.
EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z
NOW = "2026-06-01T00:00:00Z"
RUN_FOLDER = re.compile(r"\d{8}T\d{6}Z-[0-9-]+")
# These take --progress; what it prints depends on the clock.
SHOW_PROGRESS = {"import", "explain", "check", "availability", "export", "retry"}
# The present time is asked by these.
ASK_NOW = {"import", "explain", "export", "retry", "availability", "prune", "log"}


def is_ledger(path):
    """True for a ledger, whatever it is called, and for what SQLite puts beside one."""
    if ".sqlite" in path.name or path.name.endswith(("-wal", "-shm")):
        return True
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


class Stage:
    """The folder of one world for one of the two programs."""

    def __init__(self, winnow, root, shared, limit=600):
        self.winnow, self.root, self.shared, self.limit = winnow, pathlib.Path(root), shared, limit
        self.laid_out = set()
        self.day = 0
        self.count = 0
        self.runs = {}      # the run folders, by path, with their numbers below the same folder
        self.statuses = []
        self.root.mkdir(parents=True)
        (self.root / "said").mkdir()

    # -- what lies in the folder

    def write(self, path, data):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
        self.settle(path)

    def append(self, path, data):
        target = self.root / path
        self.write(path, (target.read_bytes() if target.exists() else b"") + data)

    def remove(self, path):
        target = self.root / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    def copy(self, source, path="."):
        """A file, or what a folder holds, with the contents but not the times of the original."""
        source = pathlib.Path(source)
        if source.is_file():
            return self.write(path, source.read_bytes())
        for file in sorted(source.rglob("*")):
            if file.is_file():
                self.write(pathlib.Path(path) / file.relative_to(source), file.read_bytes())

    def link(self, name, target):
        os.symlink(target, self.root / name)

    def settle(self, path):
        self.laid_out.add(str(pathlib.PurePath(path)))
        when = EPOCH + 86_400 * self.day
        os.utime(self.root / path, (when, when))

    def settle_all(self, *folders):
        """Takes what something else wrote below the folders as laid out."""
        for folder in folders:
            place = self.root / folder
            for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
                if file.is_file() and not file.is_symlink():
                    self.settle(file.relative_to(self.root))

    # -- commands

    def run(self, name, *arguments, now=NOW, stdin=None):
        """One command; its words and its status stand in said/NN-name.*."""
        command = [str(a) for a in arguments]
        if command[0] in SHOW_PROGRESS and "--progress" not in command:
            command += ["--progress", "none"]
        if command[0] in ASK_NOW and "--now" not in command:
            command += ["--now", now]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "TMPDIR": str(self.root.parent),
                       "LANG": "C.UTF-8", "COLUMNS": "100", "SWIFT_BACKTRACE": "enable=no"}
        try:
            done = subprocess.run([self.winnow, *command], cwd=self.root, env=environment, capture_output=True,
                                  stdin=subprocess.DEVNULL if stdin is None else None, input=stdin,
                                  timeout=self.limit)
            status, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as late:
            status, out, err = "stopped: too slow", late.stdout or b"", late.stderr or b""
        place = self.root / "said" / f"{self.count:03}-{name}"
        self.count += 1
        for ending, data in ((".stdout", out), (".stderr", err), (".status", f"{status}\n".encode())):
            place.with_name(place.name + ending).write_bytes(data)
        self.statuses.append(status)
        for path in sorted(self.root.glob("**/*Z-*")) if command[0] in ("import", "retry", "export") else []:
            if path.is_dir() and not path.is_symlink() and RUN_FOLDER.fullmatch(path.name):
                inside = path.relative_to(self.root)
                before = sum(other.parent == inside.parent for other in self.runs)
                self.runs.setdefault(inside, before + 1)
        return status

    def keep(self, name, folder):
        """A copy of a folder as it is now, for what a later command changes."""
        shutil.copytree(self.root / folder, self.root / "kept" / name, symlinks=True,
                        ignore=shutil.ignore_patterns("*.sqlite*"))

    # -- afterwards

    def run_names(self):
        """What stands for the names of runs: two of the same second in different folders share one."""
        return {path.name: f"run-{number}" for path, number in self.runs.items()}

    def results(self):
        """Everything that the program wrote, by a name that is the same for both programs."""
        found, tree = {}, []
        names = self.run_names()
        for folder, folders, files in os.walk(self.root):
            for name in folders + files:
                path = pathlib.Path(folder) / name
                inside = path.relative_to(self.root)
                if str(inside) in self.laid_out or inside.parts[0] == "said" and path.is_dir():
                    continue
                shown = "/".join(names.get(part, part) for part in inside.parts)
                if path.is_symlink():
                    target = os.readlink(path)
                    tree.append(f"link {shown} -> {names.get(target, target)}")
                    continue
                if inside.parts[0] != "said":
                    tree.append(f"{path.stat().st_mode & 0o7777:04o} {shown}{'/' if path.is_dir() else ''}")
                if path.is_file() and not is_ledger(path):
                    found[shown] = path
        return found, "".join(f"{line}\n" for line in sorted(tree)).encode()
