/** Archives (tar, xz) of a folder, the same for the same content. */
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mustRun, requireProgram } from "./programs.ts";

/** A file of an archive: from a file, or a text of its own. */
export interface ArchiveFile {
  readonly path: string;
  readonly mode: number;
  readonly content: { readonly file: string } | { readonly text: string };
}

export interface Archive {
  readonly files: readonly ArchiveFile[];
  /** Name of the folder that the archive unpacks to. */
  readonly folder: string;
  readonly target: string;
  /** An empty folder to work in. */
  readonly workshop: string;
}

/** @throws MissingProgramError without tar or xz */
export async function makeArchive({ files, folder, target, workshop }: Archive): Promise<void> {
  requireProgram("tar", "tar");
  requireProgram("xz", "xz-utils");
  for (const { path, mode, content } of files) {
    const absolute = join(workshop, folder, path);
    mkdirSync(dirname(absolute), { recursive: true, mode: 0o755 });
    if ("file" in content) copyFileSync(content.file, absolute);
    else writeFileSync(absolute, content.text);
    chmodSync(absolute, mode);
  }
  const plain = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  await mustRun(["tar", "--create", "--xz", "--file", target, ...plain, "--directory", workshop, folder], {
    environment: { XZ_OPT: "-6 -T0" },
  });
}
