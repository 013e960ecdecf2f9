/** All installers: for which build of the agent, under which name, and how each is made. */
import { join } from "node:path";
import { projectRoot } from "../sources.ts";
import { makeArchive, type ArchiveFile } from "./archive.ts";
import { makeDebianPackage } from "./debian.ts";
import { macosFiles } from "./macos.ts";
import { makeWindowsPackage } from "./windows.ts";
import type { Signing } from "./sign.ts";

export interface Making {
  /** The agent's executable. */
  readonly program: string;
  /** With the build: 0.1.0+abcd1234. */
  readonly version: string;
  readonly target: string;
  readonly workshop: string;
  readonly signing: Signing | undefined;
}

export interface Installer {
  /** Its file, and its name for `--only`. */
  readonly file: string;
  /** The build of the agent that it carries; see tools/build-agent.ts. */
  readonly agent: string;
  /** Most bytes that it may have; undefined: nothing was promised. */
  readonly limitBytes?: number;
  make(making: Making): Promise<void>;
}

const packaging = join(projectRoot, "packages/agent/packaging");
const megabyte = 1_000_000;

/** The ones for processors of every age carry the build without AVX2. */
export const installers: readonly Installer[] = [
  debian("hauswart-agent-linux-x64.deb", "linux-x64-baseline", "amd64"),
  debian("hauswart-agent-linux-arm64.deb", "linux-arm64", "arm64"),
  {
    file: "hauswart-agent-windows-x64.msi",
    agent: "windows-x64-baseline",
    limitBytes: 60 * megabyte,
    make: (making) => makeWindowsPackage(making),
  },
  linuxArchive("hauswart-agent-linux-x64.tar.xz", "linux-x64-baseline"),
  linuxArchive("hauswart-agent-linux-arm64.tar.xz", "linux-arm64"),
  linuxArchive("hauswart-agent-linux-x64-musl.tar.xz", "linux-x64-musl"),
  macosArchive("hauswart-agent-macos-arm64.tar.xz", "darwin-arm64"),
  macosArchive("hauswart-agent-macos-x64.tar.xz", "darwin-x64"),
];

function debian(file: string, agent: string, architecture: "amd64" | "arm64"): Installer {
  return { file, agent, limitBytes: 45 * megabyte, make: (making) => makeDebianPackage({ ...making, architecture }) };
}

function linuxArchive(file: string, agent: string): Installer {
  return { file, agent, make: (making) => makeArchive({ ...making, folder: "hauswart-agent", files: linuxFiles(making.program) }) };
}

function linuxFiles(program: string): ArchiveFile[] {
  const from = (path: string, mode: number, file = join(packaging, "linux", path)): ArchiveFile => ({ path, mode, content: { file } });
  return [
    from("hauswart-agent", 0o755, program),
    from("install.sh", 0o755),
    from("hauswart-agent.service", 0o644),
    from("hauswart-agent.openrc", 0o755),
    from("LICENSE", 0o644, join(projectRoot, "LICENSE")),
  ];
}

function macosArchive(file: string, agent: string): Installer {
  return {
    file,
    agent,
    make: (making) => makeArchive({ ...making, folder: "hauswart-agent", files: macosFiles(making.program, making.version) }),
  };
}
