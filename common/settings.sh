# For the images without Node (postgres_start, connect): reads config/*.config by the rules of src/settings/config-file.ts.
# To be sourced by bash.

config_dir=${CONFIG_DIR:-/app/config}

refuse() { # FILE KEY EXPECTED: one line, the one that the Node services write too, and EX_CONFIG
  echo "config/$1: $2: expected $3" >&2
  exit 78
}

# setting FILE KEY: the value of KEY in FILE into $value, which is empty when there is none.
# The environment wins by KEY in capitals with _ for . (in kafka.config with KAFKA_ in front).
setting() {
  local file=$1 key=$2 variable=${2^^} line rest quote
  variable=${variable//./_}
  [ "$file" = kafka.config ] && variable=KAFKA_$variable
  value=${!variable:-}
  [ -n "$value" ] && return
  [ -r "$config_dir/$file" ] || refuse "$file" '(the file)' "a file that user $(id -un) can read at $config_dir/$file"
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z0-9_.-]+)[[:space:]]*=[[:space:]]*(.*)$ ]] || continue
    [ "${BASH_REMATCH[2]}" = "$key" ] || continue
    rest=${BASH_REMATCH[3]}
    rest=${rest%"${rest##*[![:space:]]}"}
    case $rest in
      *\\) refuse "$file" "$key" 'the whole value on one line, without \ at the end of the line' ;;
      \"* | \'* | \`*)
        quote=${rest:0:1}
        rest=${rest:1}
        [[ $rest == *"$quote"* ]] || refuse "$file" "$key" "a closing $quote on the same line"
        value=${rest%"$quote"*}
        [ "$quote" = '"' ] && { value=${value//\\n/$'\n'}; value=${value//\\r/$'\r'}; }
        ;;
      *)
        [[ $rest =~ ^(.*[[:space:]])?#([[:space:]].*)?$ ]] && rest=${BASH_REMATCH[1]}
        [[ $rest == *'#'* ]] && refuse "$file" "$key" "the value in quotes, because it contains #: $key='…#…'"
        value=${rest%"${rest##*[![:space:]]}"}
        ;;
    esac
  done <"$config_dir/$file"
}

# require FILE KEY EXPECTED: as setting, and stops when there is nothing.
require() {
  setting "$1" "$2"
  [ -n "$value" ] || refuse "$1" "$2" "$3, found nothing"
}
