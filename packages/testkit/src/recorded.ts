/**
 * Real outputs of programs on computers that cannot be had here: macOS, Windows, disks that fail. They belong to others and lie beside the
 * project, not in it. A test that walks them is skipped by name where they are absent; the same test on a made sample of the same form, in
 * a folder testdata, runs everywhere.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testNeeding } from "./needs.ts";

const place = "../shared/recorded";
const folder = join(fileURLToPath(new URL("../../..", import.meta.url)), place);

/** `test`, or a skip of the same name where there are no recordings. */
export const testOnRecordings = testNeeding(existsSync(folder) ? undefined : `needs ${place}`);

/** Paths of the recordings in a folder, sorted. @throws when none fits: then a test of them would say nothing */
export function recordings(below: string, name: RegExp): string[] {
  const found = readdirSync(join(folder, below)).filter((each) => name.test(each));
  if (found.length === 0) throw new Error(`There is no recording ${below}/${name.source}.`);
  return found.sort().map((each) => `${below}/${each}`);
}

export const readRecording = (path: string): string => textOf(readFileSync(join(folder, path)));

/** Windows' tools write UTF-16, with a byte order mark or without, the others UTF-8. */
export function textOf(bytes: Uint8Array): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0;
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}
