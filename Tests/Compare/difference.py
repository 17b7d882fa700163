"""What two programs said and wrote for one world, held against each other, and which differences are meant."""
import json
import pathlib
import re
import subprocess
import tempfile
from datetime import datetime, timezone

TIMING = re.compile(rb'"timing":\{[^{}]*\}')
TOOK = re.compile(rb"\bin [0-9.,]+ (?:ms|s|min|h)(?: \([^()\n]*/s[^()\n]*\))?")
RUN_ID = re.compile(rb"\d{8}T\d{6}Z-\d+(?:-\d+)?")
TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?")


class Mask:
    """Takes out of a text what differs from run to run: names of runs, durations and rates, and the
    machine's clock (times between the beginning of the comparison and now; the worlds hold none)."""

    def __init__(self, began):
        self.began = began.replace(second=0, microsecond=0)

    def __call__(self, data, names):
        data = RUN_ID.sub(lambda m: f"<{names.get(m.group().decode(), 'run')}>".encode(), data)
        data = TIMING.sub(b'"timing":{}', data)
        data = TOOK.sub(b"in <duration>", data)
        return TIME.sub(self.clock, data)

    def clock(self, match):
        text = match.group().decode().rstrip("Z").replace(" ", "T").split(".")[0]
        try:
            when = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
        except ValueError:
            return match.group()
        return b"<clock>" if self.began <= when <= datetime.now(timezone.utc) else match.group()


class Allowed:
    """One entry of allowed.json: where something may differ, how, and a sentence that says why."""

    def __init__(self, entry):
        unknown = entry.keys() - {"where", "before", "after", "but", "sentence"}
        if unknown or not entry.get("sentence") or not entry.get("where"):
            raise ValueError(f"allowed.json: {unknown or 'where and sentence are needed'}: {entry}")
        self.sentence = entry["sentence"]
        self.where = re.compile(entry["where"])
        self.before, self.after, self.but = (
            re.compile(entry[key]) if key in entry else None for key in ("before", "after", "but"))
        self.hunks, self.files = 0, set()

    def covers(self, place, before, after):
        """True when this entry allows the change of some lines of `place` (world/file)."""
        if not self.where.search(place):
            return False
        for lines, pattern in ((before, self.before), (after, self.after)):
            if lines and (pattern is None or not all(pattern.search(line) for line in lines)):
                return False
        if self.but is None:
            return True
        return [self.but.sub("", line) for line in before] == [self.but.sub("", line) for line in after]

    @staticmethod
    def read(path):
        return [Allowed(entry) for entry in json.loads(pathlib.Path(path).read_text())]


class Difference:
    """Lines of one file that differ."""

    def __init__(self, place, before, after):
        self.place, self.before, self.after = place, before, after
        self.allowed = None

    def text(self, lines=4, width=400):
        shown = [f"  {self.place}"]
        for sign, all_lines in (("-", self.before), ("+", self.after)):
            shown += [f"    {sign} {line[:width]}" for line in all_lines[:lines]]
            if len(all_lines) > lines:
                shown.append(f"    {sign} … {len(all_lines) - lines} more")
        return "\n".join(shown)


def hunks(one, two):
    """The runs of lines that differ: (lines of `one`, lines of `two`)."""
    with tempfile.TemporaryDirectory(prefix="winnow-compare-") as folder:
        names = []
        for name, data in (("a", one), ("b", two)):
            names.append(pathlib.Path(folder) / name)
            names[-1].write_bytes(data)
        done = subprocess.run(["diff", "-a", *names], capture_output=True)
    if done.returncode > 1:
        raise OSError(done.stderr.decode())
    found = []
    for line in done.stdout.decode("utf-8", "backslashreplace").split("\n"):
        if re.match(r"\d", line):
            found.append(([], []))
        elif line.startswith(("< ", "> ")):
            found[-1][line[0] == ">"].append(line[2:])
        elif line.startswith("\\"):
            # Which of the two lacks its last line end would not show otherwise.
            (found[-1][1] or found[-1][0])[-1] += "<no line end>"
    return found


def compare(world, baseline, present, mask):
    """Both stages of a world: how many files were compared, and all differences."""
    (one, tree_one), (two, tree_two) = baseline.results(), present.results()
    differences = []

    def text(place, first, second):
        if first == second:
            return
        first, second = mask(first, baseline.run_names()), mask(second, present.run_names())
        if first != second:
            differences.extend(Difference(f"{world}/{place}", *hunk) for hunk in hunks(first, second))

    text("tree", tree_one, tree_two)
    for name in sorted(one.keys() | two.keys()):
        # A file that one of them lacks is in the tree; its lines are compared with none.
        first, second = (paths[name].read_bytes() if name in paths else b"" for paths in (one, two))
        text(name, first, second)
    return len(one.keys() | two.keys()), differences


def judge(differences, allowed):
    """Marks what is allowed."""
    for difference in differences:
        for entry in allowed:
            if entry.covers(difference.place, difference.before, difference.after):
                difference.allowed = entry
                entry.hunks += 1
                entry.files.add(difference.place)
                break
