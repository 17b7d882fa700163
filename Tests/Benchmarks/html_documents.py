#!/usr/bin/env python3
"""Writes the HTML parts of an mbox or EML file to standard output: decoded, as UTF-8, a NUL after each.

  html_documents.py FILE
"""
import email
import email.policy
import re
import sys


def main():
    data = open(sys.argv[1], "rb").read()
    for message in re.split(rb"(?m)^From [^\n]*\n", data):
        if not message:
            continue
        for part in email.message_from_bytes(message, policy=email.policy.compat32).walk():
            if part.get_content_type() != "text/html":
                continue
            body = part.get_payload(decode=True) or b""
            try:
                text = body.decode(part.get_content_charset() or "utf-8", "replace")
            except LookupError:
                text = body.decode("latin-1")
            sys.stdout.buffer.write(text.replace("\0", "").encode("utf-8", "replace") + b"\0")


if __name__ == "__main__":
    main()
