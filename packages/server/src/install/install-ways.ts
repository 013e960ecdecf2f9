/** How the agent gets onto a computer: for each system a command with the token in it, and the file that it needs. */
import type { InstallWay } from "@hauswart/protocol/api/models.ts";
import type { z } from "zod";
import { downloadPath, firstInstaller, linuxScriptName, type InstallerFile, type InstallerFolders } from "./installers.ts";
import { hasLinuxFile } from "./linux-script.ts";

type Way = z.infer<typeof InstallWay>;
type Place = { readonly url: string; readonly token: string };

/** In the order in which the console offers them. A way without a command is one for which this server has no file. */
export async function installWays(place: Place, folders?: InstallerFolders): Promise<Way[]> {
  const package_ = await firstInstaller(["hauswart-agent-windows-x64.msi"], folders);
  const program = await firstInstaller(["hauswart-agent-windows-x64-baseline.exe", "hauswart-agent-windows-x64.exe"], folders);
  const arm = await firstInstaller(["hauswart-agent-macos-arm64.tar.xz"], folders);
  const intel = await firstInstaller(["hauswart-agent-macos-x64.tar.xz"], folders);
  const windows = package_ ?? program;
  return [
    way("linux", "shell", hasLinuxFile(folders) ? linuxCommand(place) : null, []),
    way("win32", "powershell", windows ? windowsCommand(place, windows) : null, windows ? [windows] : []),
    way("win32", "msiexec", package_ ? silentCommand(place, package_) : null, package_ ? [package_] : []),
    way(
      "darwin",
      "shell",
      (arm ?? intel) ? macosCommand(place, { arm, intel }) : null,
      [arm, intel].filter((file) => file !== undefined),
    ),
  ];
}

function way(system: Way["system"], kind: Way["kind"], command: string | null, files: readonly InstallerFile[]): Way {
  return {
    system,
    kind,
    command,
    files: files.map(({ file, bytes, sha256 }) => ({ file, bytes, sha256, path: `${downloadPath}${file}` })),
  };
}

/** The token goes through pipes: it stands in no address and in no list of processes. */
export function linuxCommand({ url, token }: Place): string {
  return [
    `T=${token}`,
    `echo "authorization: Bearer $T" | curl -fsSL -H @- -o hauswart-install.sh ${url}${downloadPath}${linuxScriptName} && echo $T | sudo sh hauswart-install.sh`,
  ].join("; ");
}

function windowsCommand({ url, token }: Place, { file, sha256 }: InstallerFile): string {
  const install = file.endsWith(".msi")
    ? `$r = Start-Process msiexec.exe -Wait -PassThru -ArgumentList '/i', "\`"$f\`"", '/qn', '/norestart', 'SERVER=${url}', "TOKEN=$t"; ` +
      "if ($r.ExitCode -ne 0) { throw ('msiexec: ' + $r.ExitCode) }"
    : `$env:HAUSWART_AGENT_TOKEN = $t; & $f enrol --server ${url}; if ($LASTEXITCODE -eq 0) { & $f install }`;
  return [
    "$ErrorActionPreference = 'Stop'",
    `$t = '${token}'`,
    `$f = Join-Path $env:TEMP '${file}'`,
    "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'",
    `Invoke-WebRequest -UseBasicParsing -Headers @{ Authorization = "Bearer $t" } -Uri '${url}${downloadPath}${file}' -OutFile $f`,
    `if ((Get-FileHash $f -Algorithm SHA256).Hash -ne '${sha256.toUpperCase()}') { throw 'This is not the file that the console promised.' }`,
    install,
  ].join("; ");
}

/** For GPO, Intune and other software distribution, beside the package that they bring along. */
function silentCommand({ url, token }: Place, { file }: InstallerFile): string {
  return `msiexec /i ${file} /qn /norestart SERVER=${url} TOKEN=${token}`;
}

function macosCommand({ url, token }: Place, { arm, intel }: Readonly<Record<"arm" | "intel", InstallerFile | undefined>>): string {
  const choice = (file: InstallerFile | undefined) => (file ? `F=${file.file} S=${file.sha256}` : "F= S=");
  return [
    `T=${token}`,
    `if [ "$(uname -m)" = arm64 ]; then ${choice(arm)}; else ${choice(intel)}; fi`,
    `echo "authorization: Bearer $T" | curl -fsSL -H @- -o "/tmp/$F" "${url}${downloadPath}$F" && echo "$S  /tmp/$F" | shasum -a 256 -c - && ` +
      `tar -xJf "/tmp/$F" -C /tmp && echo $T | sudo /tmp/hauswart-agent/install.sh ${url}`,
  ].join("; ");
}
