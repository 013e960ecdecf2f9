#!/bin/sh
# Installs the agent from this folder, as root: ./install.sh [SERVER [CERTIFICATES]]. The token comes from HAUSWART_AGENT_TOKEN or from standard input,
# so that it stands in no list of processes. A computer that is enrolled already keeps its identity and gets the new program.
set -eu
server=${1:-${HAUSWART_AGENT_SERVER:-}}
ca=${2:-${HAUSWART_AGENT_CA:-}}
here=$(cd "$(dirname "$0")" && pwd)
data=/var/lib/hauswart-agent

fail() { echo "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "Only root can install a service: sudo $0 $*"
"$here/hauswart-agent" version || fail "The program does not run here. The musl build needs libstdc++ (apk add libstdc++); look also at the architecture ($(uname -m))."

if [ ! -e "$data/agent.json" ]; then
  [ -n "$server" ] || fail "Say where the server is: $0 https://hauswart.example.com"
  if [ -z "${HAUSWART_AGENT_TOKEN:-}" ]; then
    [ ! -t 0 ] || printf 'Token from the console: '
    read -r HAUSWART_AGENT_TOKEN || fail "No token was given."
  fi
  HAUSWART_AGENT_TOKEN=$HAUSWART_AGENT_TOKEN "$here/hauswart-agent" enrol --server "$server" ${ca:+--ca "$ca"}
fi

"$here/hauswart-agent" install
