#!/bin/sh
# One look for an update, for programs that have no agent: asks the controller what to run, and swaps the file.
#
#   update-by-latest.sh SERVER PRODUCT CHANNEL FILE [DEVICE]
#
# It believes the controller and whatever is between: use https. An agent that verifies signatures believes neither.
# Exit codes: 0 the file is what it should be, 1 something is wrong, 3 not now.
set -eu

server=$1 product=$2 channel=$3 file=$4 device=${5-}

case $(uname -m) in
  x86_64) platform=linux-x64 ;;
  aarch64) platform=linux-arm64 ;;
  *) echo "error: no platform for $(uname -m)" >&2; exit 1 ;;
esac

# The program says its version as the last word of --version.
version_of() { "$1" --version </dev/null | awk 'END { print $NF }'; }

installed=
[ ! -x "$file" ] || installed=$(version_of "$file")

new=$file.new
answer=$(mktemp)
trap 'rm -f "$answer" "$new"' EXIT

status=$(curl -sS --max-time 30 -o "$answer" -w '%{http_code}' --get "$server/api/v1/agent/latest" \
  --data-urlencode "product=$product" --data-urlencode "platform=$platform" --data-urlencode "channel=$channel" \
  ${installed:+--data-urlencode "version=$installed"} ${device:+--data-urlencode "device=$device"})
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$answer"; }
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$answer"; }

if [ "$status" != 200 ]; then
  echo "error: $server answered $status: $(text detail)" >&2
  exit 1
fi
case $(text action) in
  update | rollback) ;;
  stay) echo "$installed is what it should be"; exit 0 ;;
  *) echo "not now: $(text action) $(text waitingFor)$(text refusal)"; exit 3 ;;
esac

curl -sS --fail --location --max-filesize "$(number size)" -o "$new" "$(text url)"
echo "$(text sha256)  $new" | sha256sum --check --status || { echo "error: other bytes than were named" >&2; exit 1; }
chmod 755 "$new"
[ "$(version_of "$new")" = "$(text version)" ] || { echo "error: it does not run here" >&2; exit 1; }
mv "$new" "$file"
echo "updated to $(text version)"
