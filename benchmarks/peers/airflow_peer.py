"""Airflow: a DAG in one process by `dag.test()`, its fastest local way; no scheduler."""

from __future__ import annotations

import datetime
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

FAN, CHAIN = (int(each) for each in os.environ["PEER_SIZES"].split(","))
HOME = Path(os.environ["AIRFLOW_HOME"])
IN_DAGS = Path(__file__).parent == HOME / "dags"

from airflow.sdk import dag, task  # noqa: E402

logging.disable(logging.CRITICAL)
START = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


@dag(dag_id="fan", schedule=None, start_date=START)
def fan():
    @task
    def step(number):
        return number

    for number in range(FAN):
        step.override(task_id=f"s{number}")(number)


@dag(dag_id="chain", schedule=None, start_date=START)
def chain():
    @task
    def step(number, before=None):
        return number

    before = None
    for number in range(CHAIN):
        before = step.override(task_id=f"s{number}")(number, before)


DAGS = {"fan": (fan(), FAN), "chain": (chain(), CHAIN)}


def main() -> None:
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what Airflow prints is no answer
    say = os.fdopen(out, "w")
    print("ready", file=say, flush=True)
    for line in sys.stdin:
        kind, _ = line.split()
        made, many = DAGS[kind]
        begun = time.perf_counter()
        run = made.test()
        took = time.perf_counter() - begun
        done = sum(each.state == "success" for each in run.get_task_instances())
        print(json.dumps({"wall_s": took, "records": done, "many": many}), file=say, flush=True)
    os._exit(0)


if __name__ == "__main__":
    if not IN_DAGS:
        (HOME / "dags").mkdir(parents=True)
        copy = HOME / "dags" / "airflow_peer.py"
        copy.write_text(Path(__file__).read_text())
        for command in (["db", "migrate"], ["dags", "reserialize"]):
            subprocess.run([sys.executable, "-m", "airflow", *command], check=True, stdout=subprocess.DEVNULL)
        os.execv(sys.executable, [sys.executable, str(copy)])
    main()
