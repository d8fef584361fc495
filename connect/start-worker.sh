#!/usr/bin/env bash
# Starts the Connect worker with Kafka's address and login from config/kafka.config, and with config/postgres.config in its
# environment, where the connector's ${env:…} find it. Both stay out of image layers and `docker inspect`.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

# Sets a Java property of the worker itself, and of the producers, consumers and admin clients of its connectors.
client() { # PROPERTY VALUE
  local name=${1^^} prefix
  name=${name//./_}
  for prefix in '' PRODUCER_ CONSUMER_ ADMIN_; do export "CONNECT_$prefix$name=$2"; done
}

# A value inside the double quotes of sasl.jaas.config
jaas() { sed 's/["\\]/\\&/g' <<<"$1"; }

setting kafka.config bootstrap.servers
[ -n "$value" ] || require kafka.config metadata.broker.list 'bootstrap.servers: host:port, several separated by commas'
export CONNECT_BOOTSTRAP_SERVERS=$value

setting kafka.config security.protocol
protocol=${value:-PLAINTEXT}
protocol=${protocol^^}
case $protocol in
  PLAINTEXT | SSL | SASL_PLAINTEXT | SASL_SSL) client security.protocol "$protocol" ;;
  *) refuse kafka.config security.protocol 'one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL' ;;
esac

if [[ $protocol == SASL_* ]]; then
  setting kafka.config sasl.mechanism
  [ -n "$value" ] || setting kafka.config sasl.mechanisms
  mechanism=${value:-PLAIN}
  client sasl.mechanism "${mechanism^^}"
  setting kafka.config sasl.jaas.config
  if [ -z "$value" ]; then
    require kafka.config sasl.username 'the API key, or sasl.jaas.config with user name and password'
    username=$value
    require kafka.config sasl.password 'the API secret that belongs to sasl.username'
    password=$value
    case ${mechanism^^} in
      PLAIN) module=plain.PlainLoginModule ;;
      *) module=scram.ScramLoginModule ;;
    esac
    value="org.apache.kafka.common.security.$module required"
    value+=" username=\"$(jaas "$username")\" password=\"$(jaas "$password")\";"
  fi
  client sasl.jaas.config "$value"
fi

if [[ $protocol == *SSL ]]; then
  setting kafka.config ssl.ca.location
  [ -n "$value" ] || setting kafka.config ssl.truststore.location
  if [ -n "$value" ]; then
    [[ $value == /* ]] || value=$config_dir/$value
    [ -r "$value" ] || refuse kafka.config ssl.ca.location 'the path of a readable PEM file with certificates'
    client ssl.truststore.type PEM
    client ssl.truststore.location "$value"
  fi
  setting kafka.config ssl.endpoint.identification.algorithm
  case ${value,,} in none) client ssl.endpoint.identification.algorithm '' ;; esac
fi

for key in POSTGRES_HOST POSTGRES_PORT POSTGRES_DB DEBEZIUM_USER DEBEZIUM_PASSWORD; do
  require postgres.config "$key" 'a value'
  export "$key=$value"
done
exec "${@:-/etc/confluent/docker/run}"
