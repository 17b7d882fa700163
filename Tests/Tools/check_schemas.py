"""Checks winnow's JSON Schemas: each must be a valid 2020-12 schema, samples must fit or not.

usage: check_schemas.py FOLDER, where NAME.schema.json are schemas, NAME.good.N.json must be valid
and NAME.bad.N.json must not be. Exit status 77 when Python has no jsonschema.
"""

import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit(77)

folder = pathlib.Path(sys.argv[1])
faults = []
for path in sorted(folder.glob("*.schema.json")):
    name = path.name.split(".")[0]
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for sample in sorted(folder.glob(name + ".*.*.json")):
        found = list(validator.iter_errors(json.loads(sample.read_text(encoding="utf-8"))))
        if (".good." in sample.name) != (not found):
            faults.append(f"{sample.name}: {[e.message[:200] for e in found[:3]]}")
print("\n".join(faults))
sys.exit(1 if faults else 0)
