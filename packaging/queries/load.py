"""Loads host lines (`sysctl-advisor audit --format jsonl`) into a database of SQLite, for the queries beside it.

    python3 load.py fleet.db lines/*.jsonl

Makes fleet.db anew. Its table `host` has a row for the newest line of each network namespace of each host,
with the whole line as `json`. What is no host line is told, and left out; the exit status is 2 then.
"""

import json
import os
import sqlite3
import sys

SCHEMA = "sysctl-advisor/host/1"
TABLE = """
CREATE TABLE host (host TEXT, netns TEXT, taken TEXT, status TEXT, error TEXT, kernel TEXT, version TEXT,
                   profile_hash TEXT, asks INTEGER, worst TEXT, json TEXT, PRIMARY KEY (host, netns))"""
# Of several lines of a host the newest counts, in whichever order they come.
ROW = """
INSERT INTO host VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET taken = excluded.taken, status = excluded.status, error = excluded.error,
  kernel = excluded.kernel, version = excluded.version, profile_hash = excluded.profile_hash, asks = excluded.asks,
  worst = excluded.worst, json = excluded.json
WHERE excluded.taken >= host.taken"""


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def row_of(text):
    # What SQLite does not take for JSON would make every query fail.
    line = json.loads(text, parse_constant=refuse)
    if not isinstance(line, dict) or line.get("schema") != SCHEMA:
        raise ValueError(f"it does not have the schema {SCHEMA}")
    host = line["host"]
    name = host["inventory_name"] or host["name"] or host["id"] or "(no name)"
    return (name, host["netns"], line["taken"], line["status"], line["error"], host["kernel"], line["version"],
            line["profile_hash"], line["asks"], line["worst"], text)


def load(file, connection):
    """How many lines of the file are none of a host, each of which is told."""
    wrong = 0
    with open(file, encoding="utf-8", errors="replace") as lines:
        for number, text in enumerate(lines, 1):
            if not text.strip():
                continue
            try:
                connection.execute(ROW, row_of(text.strip()))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, sqlite3.Error) as why:
                wrong += 1
                print(f"{file}:{number}: this is no host line: {why}", file=sys.stderr)
    return wrong


def main(database, files):
    wrong = 0
    new = database + ".new"
    if os.path.exists(new):
        os.remove(new)
    connection = sqlite3.connect(new)
    connection.execute(TABLE)
    for file in files:
        try:
            wrong += load(file, connection)
        except OSError as why:
            wrong += 1
            print(f"cannot read {file}: {why.strerror}", file=sys.stderr)
    connection.commit()
    print(f"{connection.execute('SELECT count(*) FROM host').fetchone()[0]} hosts in {database}")
    connection.close()
    os.replace(new, database)
    return 2 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
