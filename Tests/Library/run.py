#!/usr/bin/env python3
"""Builds the programs of README's section "As a library" in a package of a stranger and runs them.

  Tests/Library/run.py [--readme FILE] [--keep DIR]

The package depends on this working tree by git address and version, and on swift-argument-parser: once at the
lowest version that Package.swift allows, once at a newer one (the newest there is; where there is no other, the
same code under a higher number). Each program has at most 16 lines, imports one module, that of its product, and
prints what Tests/Library/expected holds for a file of samples.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PARSER = "https://github.com/apple/swift-argument-parser"
# What each program reads, in README's order.
FILES = ["exports/mara/eml/01-anfrage.eml", "exports/mara/Alle-Nachrichten.mbox", "exports/jonas/Kalender.ics"]
# The version that the command says of itself, and README tells others to depend on.
VERSION = re.search(r'text = "([0-9.]+)"', (ROOT / "Sources/Import/Run/RunSummary.swift").read_text()).group(1)
STRANGER = """import ArgumentParser

@main struct Stranger: ParsableCommand {
  @Argument var name = "stranger"
  func run() { print(name) }
}
"""


def programs(readme):
    """The Swift programs of the section."""
    section = re.search(r"^## As a library\n(.*?)(?=^## |\Z)", readme.read_text(), re.S | re.M)
    if not section:
        sys.exit(f"{readme}: no section \"As a library\"")
    if f'from: "{VERSION}"' not in section.group(1):
        sys.exit(f"{readme}: the version to depend on is {VERSION}")
    found = re.findall(r"^```swift\n(.*?)^```$", section.group(1), re.S | re.M)
    if len(found) != len(FILES):
        sys.exit(f"{readme}: {len(found)} programs, {len(FILES)} are known here")
    return found


def command(*arguments, cwd, env=None):
    """Runs a command, ends with its output where it fails."""
    done = subprocess.run(arguments, cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout[-6000:]}{done.stderr[-3000:]}")
    return done.stdout


def published(folder):
    """The working tree as a repository with a version."""
    names = command("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    command("git", "init", "-q", cwd=folder)
    command("git", "add", "-A", "-f", cwd=folder)
    command("git", "-c", "user.name=w", "-c", "user.email=w@example.com", "commit", "-qm", VERSION, cwd=folder)
    command("git", "tag", VERSION, cwd=folder)


def parser_versions(folder):
    """The lowest version of the argument parser that Package.swift allows, a newer one, and git's settings for it."""
    lowest = re.search(r'swift-argument-parser", from: "([0-9.]+)"', (ROOT / "Package.swift").read_text()).group(1)
    command("git", "clone", "-q", "--bare", PARSER, folder, cwd=ROOT)
    tags = [t for t in command("git", "tag", cwd=folder).split() if re.fullmatch(r"[0-9]+(\.[0-9]+){2}", t)]
    key = lambda tag: tuple(map(int, tag.split(".")))
    newer = [t for t in tags if key(lowest) < key(t) < (key(lowest)[0] + 1,)]
    if not newer:
        newest = f"{key(lowest)[0]}.{key(lowest)[1] + 50}.0"
        command("git", "tag", newest, lowest, cwd=folder)
        newer = [newest]
    env = dict(os.environ, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0=f"url.{folder}.insteadOf", GIT_CONFIG_VALUE_0=PARSER)
    return lowest, max(newer, key=key), env


def manifest(winnow, version, names):
    targets = "".join(
        f"""
    .executableTarget(
      name: "{name}", dependencies: [.product(name: "{product}", package: "winnow")]),"""
        for name, product in names)
    return f"""// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "stranger",
  dependencies: [
    .package(url: "file://{winnow}", from: "{VERSION}"),
    .package(url: "{PARSER}", exact: "{version}"),
  ],
  targets: [
    .executableTarget(
      name: "stranger", dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),{targets}
  ])
"""


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--readme", type=pathlib.Path, default=ROOT / "README.md")
    arguments.add_argument("--keep", type=pathlib.Path, help="work here and leave everything")
    arguments.add_argument("--update", action="store_true", help="write what the programs print into Tests/Library/expected")
    a = arguments.parse_args()
    base = a.keep or pathlib.Path(tempfile.mkdtemp(prefix="winnow-library-"))
    faults = []
    try:
        texts = programs(a.readme)
        winnow, stranger = base / "winnow", base / "stranger"
        winnow.mkdir(parents=True)
        published(winnow)
        lowest, newest, env = parser_versions(base / "parser")
        # As a stranger has it: nothing of ours asks for the fast build.
        for name in ("WINNOW_STANDALONE", "WINNOW_SHARED_SWIFT"):
            env.pop(name, None)
        names = []
        for number, text in enumerate(texts, 1):
            imports = re.findall(r"^import (\w+)$", text, re.M)
            lines = text.rstrip().count("\n") + 1
            if lines > 16:
                faults.append(f"program {number} has {lines} lines")
            if len(imports) != 1 or not imports[0].startswith("Winnow"):
                faults.append(f"program {number} imports {', '.join(imports)}")
            names.append((f"program{number}", imports[0]))
            folder = stranger / "Sources" / f"program{number}"
            folder.mkdir(parents=True)
            (folder / "main.swift").write_text(text)
        (stranger / "Sources/stranger").mkdir()
        (stranger / "Sources/stranger/Stranger.swift").write_text(STRANGER)
        for version in (newest, lowest):
            (stranger / "Package.swift").write_text(manifest(winnow, version, names))
            (stranger / "Package.resolved").unlink(missing_ok=True)
            command("swift", "package", "update", cwd=stranger, env=env)
            command("swift", "build", cwd=stranger, env=env)
            where = command("swift", "build", "--show-bin-path", cwd=stranger, env=env).strip()
            for (name, product), file in zip(names, FILES):
                printed = command(f"{where}/{name}", ROOT / "samples" / file, cwd=ROOT).replace(f"{ROOT}/", "")
                expected = HERE / "expected" / f"{name}.txt"
                if a.update:
                    expected.parent.mkdir(exist_ok=True)
                    expected.write_text(printed)
                elif printed != expected.read_text():
                    faults.append(f"{name} with swift-argument-parser {version} prints\n{printed}")
            print(f"library: {len(names)} programs of {a.readme.name} with swift-argument-parser {version}")
    finally:
        if not a.keep:
            shutil.rmtree(base, ignore_errors=True)
    for fault in faults:
        print(f"library: {fault}")
    print(f"library: {len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
