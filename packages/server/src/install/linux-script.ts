/**
 * The script that a Linux computer fetches and runs: it takes what fits its processor and its packages, checks the hash, installs and
 * enrols. The token comes on standard input, so it stands in no file and in no list of processes.
 */
import { firstInstaller, pathOfInstaller, type InstallerFile, type InstallerFolders } from "./installers.ts";

/** For each kind of computer the files that would do, best first. The names are those that the script works out of `uname -m`. */
const choices: Readonly<Record<string, readonly string[]>> = {
  "x64-dpkg": ["hauswart-agent-linux-x64.deb"],
  "arm64-dpkg": ["hauswart-agent-linux-arm64.deb"],
  "x64-glibc": ["hauswart-agent-linux-x64.tar.xz", "hauswart-agent-linux-x64-baseline", "hauswart-agent-linux-x64"],
  "arm64-glibc": ["hauswart-agent-linux-arm64.tar.xz", "hauswart-agent-linux-arm64"],
  "x64-musl": ["hauswart-agent-linux-x64-musl.tar.xz", "hauswart-agent-linux-x64-musl"],
};

export type LinuxFiles = Readonly<Record<string, InstallerFile | undefined>>;

/** Whether there is anything for Linux. */
export function hasLinuxFile(folders?: InstallerFolders): boolean {
  return Object.values(choices)
    .flat()
    .some((name) => pathOfInstaller(name, folders) !== undefined);
}

export async function linuxFiles(folders?: InstallerFolders): Promise<LinuxFiles> {
  const found: Record<string, InstallerFile | undefined> = {};
  for (const [kind, names] of Object.entries(choices)) found[kind] = await firstInstaller(names, folders);
  return found;
}

/**
 * @param url the server's own address, without a slash at its end
 * @param authority certificate (PEM) of the server's own authority; undefined = computers know the server's certificate
 */
export function linuxScript(url: string, files: LinuxFiles, authority?: string): string {
  const cases = Object.entries(files)
    .filter((entry): entry is [string, InstallerFile] => entry[1] !== undefined)
    .map(([kind, { file, sha256 }]) => `  ${kind}) file=${file} sum=${sha256} ;;`);
  return `#!/bin/sh
# Installs the Hauswart agent and enrols this computer at ${url}. The token is read from standard input.
set -eu
server='${url}'
fail() { echo "$*" >&2; exit 1; }
choose() {
  file=
  case "$1" in
${cases.join("\n")}
  esac
}

[ "$(id -u)" = 0 ] || fail "Only root can install a service."
read -r token || fail "No token on standard input."
case "$(uname -m)" in
  x86_64) architecture=x64 ;;
  aarch64) architecture=arm64 ;;
  *) fail "There is no agent for $(uname -m)." ;;
esac
library=glibc
for loader in /lib/ld-musl-*; do [ ! -e "$loader" ] || library=musl; done
file=
if [ -d /run/systemd/system ] && command -v dpkg >/dev/null 2>&1; then choose "$architecture-dpkg"; fi
[ -n "$file" ] || choose "$architecture-$library"
[ -n "$file" ] || fail "This server has no agent for $architecture ($library): npm run build:installers makes it there."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
${authority ? `ca=$work/ca.crt\ncat > "$ca" <<'END'\n${authority.trim()}\nEND` : "ca="}
printf 'authorization: Bearer %s\\n' "$token" | curl -fsSL \${ca:+--cacert "$ca"} -H @- -o "$file" "$server/download/$file"
echo "$sum  $file" | sha256sum -c - >/dev/null || fail "$file is not the file that the server promised."
HAUSWART_AGENT_SERVER=$server HAUSWART_AGENT_TOKEN=$token
export HAUSWART_AGENT_SERVER HAUSWART_AGENT_TOKEN

case "$file" in
  *.deb)
    env -u HAUSWART_AGENT_TOKEN dpkg --install "$file"
    [ -e /var/lib/hauswart-agent/agent.json ] || hauswart-agent enrol \${ca:+--ca "$ca"}
    systemctl restart hauswart-agent
    ;;
  *.tar.xz)
    tar -xJf "$file"
    ./hauswart-agent/install.sh "$server" "$ca"
    ;;
  *)
    chmod 755 "$file"
    [ -e /var/lib/hauswart-agent/agent.json ] || "./$file" enrol \${ca:+--ca "$ca"}
    "./$file" install
    ;;
esac
echo "The agent runs. The console shows this computer in a moment."
`;
}
