#!/usr/bin/env python3
"""Runs real feedback of twelve tenants through a local stack, to promotion or honest rejection, and prints the figures.

    scripts/real-feedback.py DATA [--limit-preferences N] [--limit-each N] [--minutes M] [--json FILE]

DATA has hh-rlhf/harmless-base-test.jsonl.gz, qa-feedback/dev_feedback.json and clinc150/{data_full,domains}.json. Preferences
become tenant `harmless`, human edits and comparisons tenant `answers`, each clinc150 domain a tenant whose replies name the
intent. Starts the stack if none runs here and stops it again. Standard library only. Exit 0 if every batch was decided.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
POLICY = {
    "batch.examplesMax": 128,
    "batch.ageMax": "PT20S",
    "holdout.share": 0.2,
    "recipe.tokensPerExampleMax": 192,
    "recipe.preferenceWeight": 0,
}


def mill(*words, check=True):
    done = subprocess.run([str(ROOT / "adaptermill"), *map(str, words)], capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit(f"adaptermill {' '.join(map(str, words))} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def clinc_tenants(folder, out, limit):
    domains = json.loads((folder / "domains.json").read_text())
    rows = json.loads((folder / "data_full.json").read_text())["train"]
    for domain, intents in domains.items():
        per_intent = max(1, limit // len(intents))
        taken = {intent: 0 for intent in intents}
        path = out / f"{domain}.jsonl"
        with path.open("w") as lines:
            for text, intent in rows:
                if intent in taken and taken[intent] < per_intent:
                    taken[intent] += 1
                    reply = f"intent: {intent.replace('_', ' ')}"
                    lines.write(json.dumps({"prompt": text, "completion": reply}) + "\n")
        yield domain.replace("_", "-"), path, limit


def versions():
    return json.loads(mill("adapters", "ls", "--output", "json").stdout or "[]")


def settled(rows, quiet_since, quiet_seconds):
    undecided = [row for row in rows if not row.get("decided")]
    return not undecided and time.monotonic() - quiet_since > quiet_seconds


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=pathlib.Path)
    arguments.add_argument("--limit-preferences", type=int, default=300)
    arguments.add_argument("--limit-each", type=int, default=150)
    arguments.add_argument("--minutes", type=float, default=45)
    arguments.add_argument("--json", type=pathlib.Path)
    options = arguments.parse_args()
    started = time.monotonic()
    ours = mill("status", check=False).returncode == 5
    if ours:
        mill("up")
    report = {"imports": {}, "versions": []}
    try:
        with tempfile.TemporaryDirectory() as temporary:
            sources = [
                ("harmless", options.data / "hh-rlhf/harmless-base-test.jsonl.gz", options.limit_preferences),
                ("answers", options.data / "qa-feedback/dev_feedback.json", options.limit_preferences),
                *clinc_tenants(options.data / "clinc150", pathlib.Path(temporary), options.limit_each),
            ]
            settings = [word for key, value in POLICY.items() for word in ("--set", f"{key}={value}")]
            for tenant, _, _ in sources:
                mill("tenants", "apply", tenant, *settings)
            for tenant, path, limit in sources:
                done = mill("feedback", "import", path, "--tenant", tenant, "--limit", limit, "--output", "json")
                report["imports"][tenant] = json.loads(done.stdout)
                print(f"{time.monotonic() - started:6.0f} s  imported {tenant}: {done.stdout.strip()}", flush=True)
        seen, quiet_since = None, time.monotonic()
        while time.monotonic() - started < options.minutes * 60:
            rows = versions()
            if rows != seen:
                seen, quiet_since = rows, time.monotonic()
                decided = sum(1 for row in rows if row.get("decided"))
                print(f"{time.monotonic() - started:6.0f} s  {len(rows)} versions, {decided} decided", flush=True)
            if rows and settled(rows, quiet_since, 60):
                break
            time.sleep(5)
        report["versions"] = seen or []
        report["seconds"] = round(time.monotonic() - started)
    finally:
        if ours:
            mill("down", check=False)
    for row in report["versions"]:
        decided = row.get("decided") or {}
        print(row["version"], len((row.get("batch") or {}).get("items", [])), decided.get("outcome"), decided.get("reason"))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))
    return 0 if report["versions"] and all(row.get("decided") for row in report["versions"]) else 1


if __name__ == "__main__":
    sys.exit(main())
