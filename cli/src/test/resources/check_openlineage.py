"""Checks exported run events against OpenLineage's own JSON Schemas, facets included.

Usage: check_openlineage.py FOLDER_OF_THE_SPECIFICATION FILE.ndjson
The folder is `spec/` of the OpenLineage repository, at version 2-0-2. Needs jsonschema (4.26.0 was used) and referencing.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

specification = pathlib.Path(sys.argv[1])
schemas = [json.loads(path.read_text()) for path in [specification / "OpenLineage.json", *specification.glob("facets/*.json")]]
registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)
known = {schema["$id"] for schema in schemas}


def check(value, reference, where):
    document = reference.split("#")[0]
    if document not in known:
        sys.exit(f"{where}: the specification has no {document}")
    validator = Draft202012Validator({"$ref": reference}, registry=registry, format_checker=FormatChecker())
    for error in validator.iter_errors(value):
        sys.exit(f"{where}: {error.json_path}: {error.message}")


facets = 0
lines = pathlib.Path(sys.argv[2]).read_text().splitlines()
for number, line in enumerate(lines, 1):
    event = json.loads(line)
    check(event, event["schemaURL"], f"line {number}")
    for owner in [event["run"], event["job"], *event["inputs"], *event["outputs"]]:
        for name, facet in owner["facets"].items():
            check(facet, facet["_schemaURL"], f"line {number}, facet {name}")
            facets += 1
print(f"{len(lines)} run events and {facets} facets are as the specification wants them")
