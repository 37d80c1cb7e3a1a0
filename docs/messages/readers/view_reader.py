"""Keeps the latest state of a view with confluent-kafka, and prints what changes: a key and its view, or null.

    pip install confluent-kafka
    KAFKA_BROKERS=localhost:9092 python view_reader.py [VIEW]
"""

import json
import os
import sys
import uuid


def place(view):
    """Of a key, the greatest (epoch, viewVersion, revision) is the newest."""
    ledger = view["ledger"]
    return ledger["epoch"], ledger["viewVersion"], ledger["revision"]


def take(views, key, value):
    """The reader's rule: puts a record into `views`; says whether it was news."""
    if value is None:
        views.pop(key, None)
        return True
    view = json.loads(value)
    if key in views and place(view) <= place(views[key]):
        return False
    views[key] = view
    return True


def main():
    # Here, so that the rule can be tried where there is no driver.
    from confluent_kafka import Consumer

    prefix = os.environ.get("LEDGER_KAFKA_TOPIC_PREFIX", "")
    consumer = Consumer(
        {
            "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "localhost:9092"),
            # What it keeps ends with it, so it reads all of the topic: a group of its own, and no commits.
            "group.id": f"{prefix}example-view-reader-{uuid.uuid4()}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            # librdkafka's default, said because it matters: what was aborted is not read.
            "isolation.level": "read_committed",
        }
    )
    view = sys.argv[1] if len(sys.argv) > 1 else "capture"
    consumer.subscribe([f"{prefix}capture.views.{view}.v1"])
    views = {}
    while True:
        record = consumer.poll(1)
        if record is None:
            continue
        if record.error():
            print(record.error(), file=sys.stderr)
            continue
        key = record.key().decode()
        if take(views, key, record.value()):
            print(json.dumps({"key": key, "view": views.get(key)}), flush=True)


if __name__ == "__main__":
    main()
