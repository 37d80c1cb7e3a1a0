#!/usr/bin/env bash
# Sends two commands with kcat and prints their answers.
#   KAFKA_BROKERS=localhost:9092 docs/messages/senders/kcat.sh [ORDER]
set -euo pipefail
brokers=${KAFKA_BROKERS:-localhost:9092}
prefix=${LEDGER_KAFKA_TOPIC_PREFIX:-}
order=${1:-$(cat /proc/sys/kernel/random/uuid)}
authorization="auth-$order"

# usage: send TYPE COMMAND_ID VALUE
send() {
  # librdkafka's default is another partitioner: the same key would be in another partition than a Java
  # or Node sender puts it, and their order would be lost.
  printf '%s' "$3" | kcat -P -b "$brokers" -t "${prefix}capture.commands.v1" \
    -X partitioner=murmur2_random -X acks=all -k "$authorization" \
    -H ce_specversion=1.0 -H "ce_id=$2" -H "ce_type=$1" -H ce_source=/shop/checkout \
    -H "ce_time=$(date -u +%Y-%m-%dT%H:%M:%SZ)" -H content-type=application/json
}

send RegisterAuthorization "$order-register" \
  "{\"authorizationId\":\"$authorization\",\"amount\":12000,\"currency\":\"EUR\",\"captureMethod\":\"manual_multiple\",\"connector\":\"acme-pay\"}"
send CreateCapture "$order-capture-1" \
  "{\"authorizationId\":\"$authorization\",\"captureId\":\"capture-$order\",\"amount\":7000}"

# Reads what is there now, until both answers are among it.
for _ in $(seq 60); do
  answers=$(kcat -C -q -e -b "$brokers" -t "${prefix}capture.answers.v1" -o beginning \
    -f '%k %h %s\n' | grep -F "/$authorization " || true)
  if [ "$(grep -c . <<<"$answers")" -ge 2 ]; then
    echo "$answers"
    exit 0
  fi
  sleep 0.5
done
echo 'No answer in 30 s. Send the same again: it is decided only once.' >&2
exit 1
