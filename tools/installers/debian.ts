/** The Debian package: program, systemd unit, and scripts that enrol when told so. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../sources.ts";
import { mustRun, requireProgram } from "./programs.ts";

const packaging = join(projectRoot, "packages/agent/packaging");
const programPath = "usr/bin/hauswart-agent";
const unitPath = "lib/systemd/system/hauswart-agent.service";
const scripts = ["postinst", "prerm", "postrm"];

export interface DebianPackage {
  /** The agent's executable. */
  readonly program: string;
  /** As dpkg compares it: 0.1.0+abcd1234. */
  readonly version: string;
  readonly architecture: "amd64" | "arm64";
  /** Where the package is to lie. */
  readonly target: string;
  /** An empty folder to work in. */
  readonly workshop: string;
  /** xz is half the size of gzip and takes a minute; tests take gzip. */
  readonly compression?: "xz" | "gzip";
}

/** @throws MissingProgramError without dpkg-deb */
export async function makeDebianPackage(options: DebianPackage): Promise<void> {
  requireProgram("dpkg-deb", "dpkg");
  const { program, version, architecture, target, workshop, compression = "xz" } = options;
  const root = join(workshop, "root");
  const put = (path: string, mode: number, write: (absolute: string) => void) => {
    const absolute = join(root, path);
    mkdirSync(dirname(absolute), { recursive: true, mode: 0o755 });
    write(absolute);
    chmodSync(absolute, mode);
  };
  put(programPath, 0o755, (path) => copyFileSync(program, path));
  put(unitPath, 0o644, (path) => writeFileSync(path, debianUnit()));
  put("usr/share/doc/hauswart-agent/copyright", 0o644, (path) => copyFileSync(join(projectRoot, "LICENSE"), path));
  const control = readFileSync(join(packaging, "debian/control"), "utf8")
    .replace("{version}", version)
    .replace("{architecture}", architecture)
    .replace("{kibibytes}", String(Math.ceil(statSync(program).size / 1_024)));
  put("DEBIAN/control", 0o644, (path) => writeFileSync(path, control));
  for (const script of scripts) put(`DEBIAN/${script}`, 0o755, (path) => copyFileSync(join(packaging, "debian", script), path));
  await mustRun(["dpkg-deb", "--root-owner-group", `-Z${compression}`, `-z${compression === "xz" ? 6 : 1}`, "--build", root, target]);
}

/** The unit that `hauswart-agent install` uses, with the program where a package puts it. */
function debianUnit(): string {
  const unit = readFileSync(join(packaging, "linux/hauswart-agent.service"), "utf8");
  const moved = unit.replaceAll("/usr/local/bin/hauswart-agent", `/${programPath}`);
  if (moved === unit) throw new Error("The unit names no program that could be moved.");
  return moved;
}
