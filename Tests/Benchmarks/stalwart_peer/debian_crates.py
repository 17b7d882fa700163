#!/usr/bin/env python3
"""Unpacks Rust crates from Debian unstable, for machines that reach Debian's archive and not crates.io.

  debian_crates.py FOLDER CRATE…

The crates come as packages named librust-CRATE-dev and end up in FOLDER as cargo's "directory" source wants them.
Each package is checked against the SHA-256 of the archive's index.
"""
import hashlib
import lzma
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

ARCHIVE = "https://deb.debian.org/debian"


def fetch(path):
    with urllib.request.urlopen(f"{ARCHIVE}/{path}", timeout=120) as answer:
        return answer.read()


def main():
    target, crates = pathlib.Path(sys.argv[1]), sys.argv[2:]
    architecture = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout
    index = lzma.decompress(fetch(f"dists/sid/main/binary-{architecture.strip()}/Packages.xz")).decode()
    for crate in crates:
        found = re.search(rf"^Package: librust-{crate}-dev\n(?:.+\n)*", index, re.MULTILINE)
        if not found:
            sys.exit(f"debian_crates: no librust-{crate}-dev in Debian unstable")
        path, digest = (re.search(rf"^{field}: (\S+)$", found.group(), re.MULTILINE).group(1)
                        for field in ("Filename", "SHA256"))
        package = fetch(path)
        if hashlib.sha256(package).hexdigest() != digest:
            sys.exit(f"debian_crates: {path} is not what the archive's index says")
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "package.deb")
            file.write_bytes(package)
            subprocess.run(["dpkg-deb", "-x", file, folder], check=True)
            for source in pathlib.Path(folder, "usr/share/cargo/registry").iterdir():
                subprocess.run(["cp", "-r", source, target], check=True)


if __name__ == "__main__":
    main()
