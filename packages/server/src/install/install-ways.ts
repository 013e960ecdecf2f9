/** How the agent gets onto a computer: for each system a command with the token in it, and the file that it needs. */
import type { InstallWay } from "@hauswart/protocol/api/models.ts";
import type { z } from "zod";
import { curlPin, dotnetPin, type OwnAuthority } from "../own-authority/own-authority.ts";
import { authorityFile, authorityFileName, authorityPath } from "./authority-file.ts";
import { downloadPath, firstInstaller, linuxScriptName, type InstallerFile, type InstallerFolders } from "./installers.ts";
import { hasLinuxFile } from "./linux-script.ts";

type Way = z.infer<typeof InstallWay>;
interface Place {
  readonly url: string;
  readonly token: string;
  /** Of the server's own certificate, which no other computer knows yet: the commands bring along what they need to trust it alone. */
  readonly authority?: OwnAuthority | undefined;
}

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
    way("win32", "msiexec", package_ ? silentCommand(place, package_) : null, package_ ? [package_, ...authorityFiles(place)] : []),
    way(
      "darwin",
      "shell",
      (arm ?? intel) ? macosCommand(place, { arm, intel }) : null,
      [arm, intel].filter((file) => file !== undefined),
    ),
  ];
}

const authorityFiles = ({ authority }: Place): readonly InstallerFile[] => (authority ? [authorityFile(authority)] : []);

function way(system: Way["system"], kind: Way["kind"], command: string | null, files: readonly InstallerFile[]): Way {
  return { system, kind, command, files: [...files] };
}

/**
 * What root is to run lies in a folder that nobody else on the computer can have made, know or write to, and that goes when it is done.
 * A fixed name in /tmp would be whoever's was there first.
 */
const inOwnFolder = (...steps: readonly string[]) => `(D=$(mktemp -d) && trap 'rm -rf "$D"' EXIT && ${steps.join(" && ")})`;

/**
 * Fetches by the server's own certificate: the connection is refused before anything is sent, unless the certificate holds the very key
 * that the console named. That replaces the check by well-known authorities (`--insecure`), which cannot know it.
 */
const fetchWith = ({ authority }: Place): string =>
  authority ? `curl -fsSL --insecure --pinnedpubkey '${curlPin(authority)}'` : "curl -fsSL";

/** The token goes through pipes: it stands in no address and in no list of processes. */
export function linuxCommand(place: Place): string {
  return [
    `T=${place.token}`,
    inOwnFolder(
      `echo "authorization: Bearer $T" | ${fetchWith(place)} -H @- -o "$D/install.sh" ${place.url}${downloadPath}${linuxScriptName}`,
      'echo $T | sudo sh "$D/install.sh"',
    ),
  ].join("; ");
}

/** ERROR_SUCCESS_REBOOT_REQUIRED (3010) and ERROR_SUCCESS_REBOOT_INITIATED (1641) are successes of Windows Installer. */
function windowsCommand(place: Place, { file, sha256 }: InstallerFile): string {
  const { url, token, authority } = place;
  const trust = authority ? ', "CA=`"$c`""' : "";
  const install = file.endsWith(".msi")
    ? `$r = Start-Process msiexec.exe -Wait -PassThru -ArgumentList '/i', "\`"$f\`"", '/qn', '/norestart', 'SERVER=${url}', "TOKEN=$t"${trust}; ` +
      "if ($r.ExitCode -in 3010, 1641) { Write-Warning ('The agent is installed. Windows wants to be restarted: msiexec ' + $r.ExitCode) } " +
      "elseif ($r.ExitCode -ne 0) { throw ('msiexec: ' + $r.ExitCode) }"
    : `$env:HAUSWART_AGENT_TOKEN = $t; & $f enrol --server ${url}${authority ? " --ca $c" : ""}; if ($LASTEXITCODE -eq 0) { & $f install }`;
  const download = `${url}${downloadPath}${file}`;
  return [
    "$ErrorActionPreference = 'Stop'",
    `$t = '${token}'`,
    `$f = Join-Path $env:TEMP '${file}'`,
    "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'",
    ...(authority
      ? [
          `$c = Join-Path $env:TEMP '${authorityFileName}'`,
          `Add-Type -IgnoreWarnings '${pinnedDownload}'`,
          `$k = '${dotnetPin(authority)}'`,
          `[HauswartDownload]::Fetch('${url}${authorityPath}', $t, $c, $k)`,
          `[HauswartDownload]::Fetch('${download}', $t, $f, $k)`,
        ]
      : [`Invoke-WebRequest -UseBasicParsing -Headers @{ Authorization = "Bearer $t" } -Uri '${download}' -OutFile $f`]),
    `if ((Get-FileHash $f -Algorithm SHA256).Hash -ne '${sha256.toUpperCase()}') { throw 'This is not the file that the console promised.' }`,
    install,
  ].join("; ");
}

/**
 * Windows PowerShell can only ask for any certificate or for a well-known one, and a script of its own cannot answer for a certificate, because
 * .NET asks on a thread without PowerShell. So a class of .NET does, for its own requests alone and in both PowerShells (C# 5): the certificate
 * is believed by the SHA-256 of its key, before the token is sent. No single quote may stand in it.
 */
const pinnedDownload = [
  "using System; using System.IO; using System.Net; using System.Security.Cryptography;",
  "public static class HauswartDownload { public static void Fetch(string url, string token, string path, string key) {",
  "var request = (HttpWebRequest)WebRequest.Create(url); request.AllowAutoRedirect = false;",
  'request.Headers["Authorization"] = "Bearer " + token;',
  "request.ServerCertificateValidationCallback = (sender, certificate, chain, errors) =>",
  'BitConverter.ToString(SHA256.Create().ComputeHash(certificate.GetPublicKey())).Replace("-", "") == key;',
  "using (var answer = request.GetResponse()) using (var from = answer.GetResponseStream())",
  "using (var to = File.Create(path)) from.CopyTo(to); } }",
].join(" ");

/** For GPO, Intune and other software distribution, beside the files that they bring along. */
function silentCommand({ url, token, authority }: Place, { file }: InstallerFile): string {
  return `msiexec /i ${file} /qn /norestart SERVER=${url} TOKEN=${token}${authority ? ` CA="%CD%\\${authorityFileName}"` : ""}`;
}

function macosCommand(place: Place, { arm, intel }: Readonly<Record<"arm" | "intel", InstallerFile | undefined>>): string {
  const { url, token, authority } = place;
  const choice = (file: InstallerFile | undefined) => (file ? `F=${file.file} S=${file.sha256}` : "F= S=");
  return [
    `T=${token}`,
    `if [ "$(uname -m)" = arm64 ]; then ${choice(arm)}; else ${choice(intel)}; fi`,
    inOwnFolder(
      `echo "authorization: Bearer $T" | ${fetchWith(place)} -H @- -o "$D/$F" "${url}${downloadPath}$F"`,
      'echo "$S  $D/$F" | shasum -a 256 -c -',
      ...(authority ? [`${fetchWith(place)} -o "$D/ca.crt" ${url}${authorityPath}`] : []),
      'tar -xJf "$D/$F" -C "$D"',
      `echo $T | sudo "$D/hauswart-agent/install.sh" ${url}${authority ? ' "$D/ca.crt"' : ""}`,
    ),
  ].join("; ");
}
