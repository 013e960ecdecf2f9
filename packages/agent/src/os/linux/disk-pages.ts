/**
 * Raw health pages of a disk on Linux. They are read by a process of its own (`hauswart-agent disk-pages`): an ioctl of a dying disk
 * can hang for minutes, and then it hangs there and not in the agent.
 */
import { join } from "node:path";
import { OsError, type DiskPageName, type DiskPages, type DiskProtocol, type Os } from "../os.ts";

/** Longer than the disk's own limits for all pages together. */
const timeoutMs = 20_000;
/** Where files of a built executable seem to lie. */
const embedded = /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/** What the process writes: pages as base64. */
export interface DiskPagesAnswer {
  readonly isAsleep: boolean;
  readonly predictsFailure: boolean | null;
  readonly pages: Readonly<Partial<Record<DiskPageName, string>>>;
  readonly problem: string;
  readonly isDenied: boolean;
}

/** How this program is started once more. */
const ownProgram = (): readonly string[] =>
  embedded.test(Bun.main) ? [process.execPath] : [process.execPath, join(import.meta.dir, "../../main.ts")];

/** Throws OsError when the process fails or says nothing that can be read. */
export async function readDiskPages(run: Os["run"], path: string, protocol: DiskProtocol): Promise<DiskPages> {
  const [program = "", ...words] = ownProgram();
  const { exitCode, stdout, stderr } = await run(program, [...words, "disk-pages", "--device", path, "--protocol", protocol], {
    timeoutMs,
  });
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `${path}: ${stderr.trim().slice(0, 200)}`);
  return parseDiskPages(path, stdout);
}

/** Throws OsError, also for what the process was not allowed. */
export function parseDiskPages(path: string, text: string): DiskPages {
  let answer: DiskPagesAnswer;
  try {
    answer = JSON.parse(text) as DiskPagesAnswer;
  } catch {
    throw new OsError("COLLECT_UNREADABLE", `${path}: the pages could not be understood`);
  }
  if (answer.isDenied) throw new OsError("COLLECT_PERMISSION_DENIED", `${path}: ${answer.problem}`);
  const pages = Object.entries(answer.pages ?? {}).map(([name, base64]) => [name, new Uint8Array(Buffer.from(String(base64), "base64"))]);
  return {
    isAsleep: Boolean(answer.isAsleep),
    predictsFailure: typeof answer.predictsFailure === "boolean" ? answer.predictsFailure : undefined,
    pages: Object.fromEntries(pages) as DiskPages["pages"],
    problem: String(answer.problem ?? ""),
  };
}
