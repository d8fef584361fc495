#!/usr/bin/env bash
# Starts the Connect worker with Kafka's address and login from config/kafka.config, and with config/postgres.config in its
# environment, where the connector's ${env:…} find it. Both stay out of image layers and `docker inspect`.
set -euo pipefail
settings=$(node "$(dirname "$0")/src/print-worker-settings.ts")
eval "$settings"
exec "${@:-/etc/confluent/docker/run}"
