#!/bin/sh
# Installs the agent from this folder, as root: ./install.sh [SERVER]. The token comes from HAUSWART_AGENT_TOKEN or from standard input,
# so that it stands in no list of processes. A computer that is enrolled already keeps its identity and gets the new program.
set -eu
server=${1:-${HAUSWART_AGENT_SERVER:-}}
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
  HAUSWART_AGENT_TOKEN=$HAUSWART_AGENT_TOKEN "$here/hauswart-agent" enrol --server "$server"
fi

if [ -d /run/systemd/system ]; then
  "$here/hauswart-agent" install
elif command -v rc-service >/dev/null 2>&1; then
  install -m 755 "$here/hauswart-agent" /usr/local/bin/hauswart-agent.new
  mv /usr/local/bin/hauswart-agent.new /usr/local/bin/hauswart-agent
  install -m 755 "$here/hauswart-agent.openrc" /etc/init.d/hauswart-agent
  rc-update add hauswart-agent default
  rc-service hauswart-agent restart
else
  fail "Neither systemd nor OpenRC runs this computer. Have something start: $here/hauswart-agent run"
fi
