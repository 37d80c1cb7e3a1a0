"""Sends two commands with confluent-kafka and waits for their answers on the answers topic.

    pip install confluent-kafka
    KAFKA_BROKERS=localhost:9092 python capture_sender.py [ORDER]
"""

import json
import os
import sys
import time
import uuid
from datetime import datetime, timezone

from confluent_kafka import Consumer, Producer

brokers = os.environ.get("KAFKA_BROKERS", "localhost:9092")
prefix = os.environ.get("LEDGER_KAFKA_TOPIC_PREFIX", "")
order = sys.argv[1] if len(sys.argv) > 1 else str(uuid.uuid4())
authorization_id = f"auth-{order}"

commands = [
    (
        "RegisterAuthorization",
        f"{order}-register",
        {
            "amount": 12000,
            "currency": "EUR",
            "captureMethod": "manual_multiple",
            "connector": "acme-pay",
        },
    ),
    (
        "CreateCapture",
        f"{order}-capture-1",
        {"captureId": f"capture-{order}", "amount": 7000},
    ),
]

consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": f"{prefix}example-python",
        # A group that begins at the beginning misses no answer, not even of its first command.
        "auto.offset.reset": "earliest",
    }
)
consumer.subscribe([f"{prefix}capture.answers.v1"])

producer = Producer(
    {
        "bootstrap.servers": brokers,
        "acks": "all",
        # librdkafka's default is another partitioner: the same key would be in another partition
        # than a Java or Node sender puts it, and their order would be lost.
        "partitioner": "murmur2_random",
    }
)

undelivered = []


def delivered(error, message):
    if error:
        undelivered.append(error)


for command_type, command_id, members in commands:
    producer.produce(
        f"{prefix}capture.commands.v1",
        # The key decides the partition, and so the order: always the authorization id.
        key=authorization_id,
        value=json.dumps({"authorizationId": authorization_id, **members}),
        headers={
            "ce_specversion": "1.0",
            "ce_id": command_id,
            "ce_type": command_type,
            "ce_source": "/shop/checkout",
            "ce_time": datetime.now(timezone.utc).isoformat(),
            "content-type": "application/json",
        },
        on_delivery=delivered,
    )
if producer.flush(30) or undelivered:
    sys.exit(f"Not sent: {undelivered}. Send the same again: it is decided only once.")

answered = set()
patience = time.monotonic() + 30
while len(answered) < len(commands):
    if time.monotonic() > patience:
        sys.exit("No answer in 30 s. Send the same again: it is decided only once.")
    record = consumer.poll(0.25)
    if record is None or record.error():
        continue
    answer = json.loads(record.value())
    if answer.get("authorizationId") != authorization_id:
        continue
    answered.add(answer["commandId"])
    repeat = "   repeat" if "ledger-repeat" in dict(record.headers()) else ""
    print(record.value().decode() + repeat)

consumer.close()
