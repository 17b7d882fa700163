#!/usr/bin/env python3
"""Parses every message of an mbox with a Python library and prints how many there were and how long it took.

  python_peer.py email|fast MBOX

email: the standard library's BytesParser, all parts built, nothing decoded. fast: fast_mail_parser, which decodes
texts and attachments. The seconds printed are those of parsing; reading and splitting the file is not in them.
"""
import email.parser
import email.policy
import json
import re
import sys
import time


def main():
    name, path = sys.argv[1:]
    with open(path, "rb") as file:
        data = file.read()
    starts = [m.end() for m in re.finditer(rb"(?:\A|\n)From [^\n]*\n", data)]
    ends = [data.rfind(b"From ", 0, start) for start in starts[1:]] + [len(data)]
    messages = [data[start:end] for start, end in zip(starts, ends)]
    if name == "email":
        parse = email.parser.BytesParser(policy=email.policy.compat32).parsebytes
    else:
        import fast_mail_parser
        parse = fast_mail_parser.parse_email
    began = time.perf_counter()
    for message in messages:
        parse(message)
    print(json.dumps({"messages": len(messages), "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
