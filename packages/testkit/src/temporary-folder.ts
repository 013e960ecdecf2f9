import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is removed after the tests of the file, or of the `describe`, that asks for it outside of its tests. @returns its path */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `hauswart-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
