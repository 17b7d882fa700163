"""Holds map, sort and reduce against import: every import of every world once more over facts, cut, doubled,
shuffled, and the lines of both results against each other (README.md).
"""
import json
import random
import shutil
import subprocess

import stage

CUTS = (1, 7, 64)
RECORDS = ("activities", "leads", "tasks", "blocks")
# What run.json tells of the input and of what became of it.
RUN_MEMBERS = ("items", "mail", "events", "reasons", "records", "inputs", "users", "cutSeries", "newSources")
TAKES_VALUE = {"--config", "--now", "--from", "--to", "--since", "--until", "--user", "--out", "--jobs", "--ledger",
               "--progress", "--fail-on"}
FOR_REDUCE = {"--config", "--now", "--from", "--to", "--since", "--until", "--user", "--skip-missing"}
FOR_MAP = FOR_REDUCE | {"--hash-inputs"}


def options(arguments):
    """(option, value or None) of each, and what is no option."""
    found, names, rest = [], [], list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            names.append(word)
        else:
            found.append((word, rest.pop(0) if word in TAKES_VALUE and rest else None))
    return found, names


def chosen(found, names):
    return [word for option, value in found if option in names for word in (option, value) if word is not None]


def result(folder):
    """What a result says, without the order of its lines."""
    out = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = str(path.relative_to(folder))
        if not path.is_file() or name == "run.json":
            continue
        data = path.read_bytes()
        if path.parent == folder and path.suffix in (".jsonl", ".csv"):
            out[name] = sorted(data.split(b"\n"))
        elif path.parent == folder and path.suffix == ".json":
            out[name] = sorted(data.replace(b"\n]\n", b",\n]\n").split(b"\n"))
        else:
            out[name] = data
    if (folder / "run.json").exists():
        run = json.loads((folder / "run.json").read_text())
        for member in RUN_MEMBERS:
            out[f"run.json {member}"] = json.dumps(run.get(member)).encode()
    return out


def differences(wanted, found):
    for name in sorted(wanted.keys() | found.keys()):
        a, b = wanted.get(name), found.get(name)
        if a == b:
            continue
        if isinstance(a, list) and isinstance(b, list):
            lost, made = set(a) - set(b), set(b) - set(a)
            sample = [f"    {sign} {line[:600].decode(errors='backslashreplace')}"
                      for sign, lines in (("-", lost), ("+", made)) for line in sorted(lines)[:2]]
            yield "\n".join([f"  {name}: {len(a)} lines, over facts {len(b)}"] + sample)
        else:
            shown = [x if x is None else x[:300].decode(errors="backslashreplace") for x in (a, b)]
            yield f"  {name}:\n    - {shown[0]}\n    + {shown[1]}"


class FactsStage(stage.Stage):
    """Plays the imports of a world both ways; other commands are left out."""

    def __init__(self, winnow, root, shared, seed):
        super().__init__(winnow, root, shared)
        self.random = random.Random(seed)
        self.found = []
        self.imports = 0

    def program(self, *arguments, stdin=None):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.root), "LANG": "C.UTF-8"}
        return subprocess.run([self.winnow, *map(str, arguments)], cwd=self.root, env=environment, input=stdin or b"",
                              capture_output=True, timeout=self.limit)

    def run(self, name, *arguments, now=stage.NOW, stdin=None):
        command = [str(a) for a in arguments]
        if command[0] != "import" or "--out" not in command or stdin is not None \
                or {"--dry-run", "--republish"} & set(command):
            return
        found, names = options(command[1:])
        if not any(option == "--now" for option, _ in found):
            found.append(("--now", now))
        out = dict(found)["--out"]
        found = [(option, value) for option, value in found if option not in ("--out", "--ledger", "--fail-on")]
        self.imports += 1
        made = self.program("import", *chosen(found, {option for option, _ in found} - {"--no-ledger"}), "--no-ledger",
                            "--quiet", "--out", out, *names)
        wanted = result(self.root / out)
        for cuts in CUTS:
            problem = self.over_facts(name, cuts, found, names, out, made, wanted)
            if problem is None:
                break
            self.found += problem

    def over_facts(self, name, cuts, found, names, out, made, wanted):
        """The differences; None where a finer cut would cut nothing."""
        store, place = f"{out}-store", f"{out}-facts"
        commands = self.maps(cuts, found, names, self.root / out)
        if commands is None:
            return None
        facts, status, words = [], 0, b""
        for command in commands:
            done = self.program("map", "--quiet", "--attachments", store, *command)
            facts += done.stdout.splitlines(keepends=True)
            if done.returncode:
                status, words = done.returncode, done.stderr
        if status or made.returncode:
            return [] if status == made.returncode else [
                f"{name}, {cuts} cuts: import ends with {made.returncode}, map with {status}: "
                f"{made.stderr[:300]} {words[:300]}"]
        facts += self.random.sample(facts, len(facts) // 3)
        if cuts == 64:
            done = self.in_parts(facts, chosen(found, FOR_REDUCE), store, place)
            return self.judged(name, cuts, done, wanted, place)
        more = []
        if cuts == 7:
            # Any order of keys, and of the lines of a key.
            order = {}
            for fact in facts:
                order.setdefault(fact[:34], []).append(fact)
            keys = list(order)
            self.random.shuffle(keys)
            keys.sort(key=lambda key: key[:1])
            for lines in order.values():
                self.random.shuffle(lines)
            facts, more = [fact for key in keys for fact in order[key]], ["--grouped"]
        else:
            facts.sort()
        done = self.program("reduce", "--quiet", "--attachments", store, "--out", place, *more,
                            *chosen(found, FOR_REDUCE), stdin=b"".join(facts))
        return self.judged(name, cuts, done, wanted, place)

    def in_parts(self, facts, arguments, store, place):
        """The round of leads first, then four parts by the keys' first digits, in any order, then their end."""
        facts.sort()
        first = self.program("reduce", "--quiet", "--round", "leads", *arguments,
                             stdin=b"".join(fact for fact in facts if fact[:1] == b"a"))
        if first.returncode:
            return first
        folder = f"{place}-parts"
        numbers = list(range(4))
        self.random.shuffle(numbers)
        for number in numbers:
            digits = b"0123456789abcdef"[4 * number:4 * number + 4]
            own = [fact for fact in facts if fact[:1] != b"a" and fact[2:3] in digits]
            done = self.program("reduce", "--quiet", "--part", number, "--out", folder, "--attachments", store, *arguments,
                                stdin=b"".join(sorted(first.stdout.splitlines(keepends=True)) + own))
            if done.returncode:
                return done
        done = self.program("reduce", "--quiet", "--finish", folder, "--out", place, *arguments)
        shutil.rmtree(self.root / folder)
        return done

    def judged(self, name, cuts, done, wanted, place):
        if done.returncode:
            return [f"{name}, {cuts} cuts: reduce ends with {done.returncode}: {done.stderr[:600].decode()}"]
        different = list(differences(wanted, result(self.root / place)))
        shutil.rmtree(self.root / place)
        return [f"{name}, {cuts} cuts:\n" + "\n".join(different)] if different else []

    def maps(self, cuts, found, names, result_folder):
        """The arguments of each map that together read what the import read."""
        common = chosen(found, FOR_MAP)
        if cuts == 1 or not (result_folder / "run.json").exists():
            return [[*common, *names]] if cuts == 1 else None
        inputs = json.loads((result_folder / "run.json").read_text())["inputs"]
        config = dict(found).get("--config", "winnow.json")
        folder = config.rsplit("/", 1)[0] + "/" if "/" in config else ""
        cut, whole = [], []
        for one in inputs:
            path = folder + one["path"]
            if not (self.root / path).exists():
                return None
            is_mbox = one["kind"] == "mbox" and (self.root / path).read_bytes()[:2] != b"\x1f\x8b"
            if is_mbox and one["path"] not in (other["path"] for other in cut) and len(cut) < (12 if cuts < 64 else 2):
                cut.append(one)
            else:
                whole.append(path)
        if not cut or names:
            return None
        commands = [[*common, *whole]] if whole else []
        for one in cut:
            places = sorted(self.random.randint(0, one["size"]) for _ in range(cuts - 1))
            for start, end in zip([0, *places], [*places, one["size"] + self.random.randint(0, 99)]):
                commands.append([*common, "--range", f"{start}:{end}", folder + one["path"]])
        self.random.shuffle(commands)
        return commands
