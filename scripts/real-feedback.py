#!/usr/bin/env python3
"""Runs real feedback of twelve tenants through a local stack, to promotion or honest rejection, and prints the figures.

    scripts/real-feedback.py DATA [--limit-preferences N] [--limit-each N] [--minutes M] [--json FILE]

DATA has hh-rlhf/harmless-base-test.jsonl.gz, qa-feedback/dev_feedback.json and clinc150/{data_full,domains}.json. Preferences
become tenant `harmless`, human edits and comparisons tenant `answers`, each clinc150 domain a tenant whose replies name the
intent. Starts the stack if none runs here and stops it again. Standard library only. Exit 0 if every event was placed and every
batch decided.
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
PREFERENCE_RATE = 5e-4
# Replies of three words are learnt in a few steps; at the default rate the model forgets how to say anything else.
SHORT_REPLY_RATE = 3e-4


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


def tenants():
    return json.loads(mill("tenants", "ls", "--output", "json").stdout or "[]")


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
    report = {"imports": {}, "tenants": [], "versions": []}
    try:
        with tempfile.TemporaryDirectory() as temporary:
            sources = [
                ("harmless", options.data / "hh-rlhf/harmless-base-test.jsonl.gz", options.limit_preferences),
                ("answers", options.data / "qa-feedback/dev_feedback.json", options.limit_preferences),
                *clinc_tenants(options.data / "clinc150", pathlib.Path(temporary), options.limit_each),
            ]
            settings = [word for key, value in POLICY.items() for word in ("--set", f"{key}={value}")]
            for tenant, _, _ in sources:
                rate = PREFERENCE_RATE if tenant in ("harmless", "answers") else SHORT_REPLY_RATE
                mill("tenants", "apply", tenant, *settings, "--set", f"recipe.learningRate={rate}")
            for tenant, path, limit in sources:
                done = mill("feedback", "import", path, "--tenant", tenant, "--limit", limit, "--output", "json")
                report["imports"][tenant] = json.loads(done.stdout)
                print(f"{time.monotonic() - started:6.0f} s  imported {tenant}: {done.stdout.strip()}", flush=True)
        seen = None
        while time.monotonic() - started < options.minutes * 60:
            rows = tenants()
            now = [sum(row[key] for row in rows) for key in ("feedback", "waiting", "batches", "undecided")]
            if now != seen:
                seen = now
                print(f"{time.monotonic() - started:6.0f} s  feedback {now[0]}, waiting {now[1]}, batches {now[2]},"
                      f" undecided {now[3]}", flush=True)
            if now[1] == 0 and now[3] == 0:
                break
            time.sleep(5)
        report["tenants"] = rows
        report["versions"] = versions()
        report["seconds"] = round(time.monotonic() - started)
    finally:
        if ours:
            mill("down", check=False)
    for row in report["versions"]:
        decided = row.get("decided") or {}
        print(row["version"], len((row.get("batch") or {}).get("items", [])), decided.get("outcome"), decided.get("reason"))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))
    print(f"{sum(row['feedback'] for row in report['tenants'])} events in {report['seconds']} s")
    return 0 if not any(row["waiting"] or row["undecided"] for row in report["tenants"]) else 1


if __name__ == "__main__":
    sys.exit(main())
