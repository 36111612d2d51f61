"""Asks Prometheus every query of the dashboards that are named, and prints those without an answer: dashboard, panel, query.

Variables become one host and one Redis. What is drawn as incidents, and tables of alerts, are asked of the last hour.
"""

import json
import re
import sys
import time
import urllib.parse
import urllib.request

API = "http://127.0.0.1:9090/api/v1/"
VARIABLES = {"$__rate_interval": "1m", "$instance": "this-host", "$redis": "main"}


def queries(dashboard):
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for annotation in dashboard["annotations"]["list"]:
        yield annotation["name"], annotation["expr"]
    for variable in dashboard["templating"]["list"]:
        values = re.fullmatch(r"label_values\((.*), (\w+)\)", variable.get("definition", ""))
        if values:
            yield "variable " + variable["name"], f"count by ({values[2]}) ({values[1]})"


def answers(query):
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    if "$" in query:
        raise SystemExit(f"a variable is left in {query}")
    now = time.time()
    if query.startswith("ALERTS"):
        what = "query_range?" + urllib.parse.urlencode({"query": query, "start": now - 3600, "end": now, "step": 5})
    else:
        what = "query?" + urllib.parse.urlencode({"query": query})
    with urllib.request.urlopen(API + what, timeout=10) as answer:
        return json.load(answer)["data"]["result"]


asked = 0
for file in sys.argv[1:]:
    with open(file, encoding="utf-8") as text:
        board = json.load(text)
    for title, query in queries(board):
        asked += 1
        if not answers(query):
            print(board["title"], title, query, sep="\t")
print(asked, "queries")
