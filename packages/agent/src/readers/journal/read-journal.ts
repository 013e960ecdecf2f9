/**
 * What the journal of systemd has taken up since the last reading: the entries that are asked for, in the order in which they were
 * written, and how many more there were. Reads the files themselves; no program is run (docs/decisions/0016-journal-files.md).
 */
import { OsError, type Os } from "../../os/os.ts";
import { JournalDamage } from "./journal-bytes.ts";
import { JournalFile, type JournalEntry } from "./journal-file.ts";

/** Entries that have one of the wanted values in a field. */
export interface JournalWish {
  readonly field: string;
  readonly isWanted: (value: string) => boolean;
  /** At most so many of a reading are read, the newest; the others are counted. */
  readonly limit: number;
}

/** How far the journal was read; survives restarts. */
export interface JournalBookmark {
  /** Entries of files that are not in `files` count from here on. Unix time in milliseconds. */
  readonly sinceMs: number;
  /** By the file's id: the place of the last entry that was looked at. */
  readonly files: Readonly<Record<string, number>>;
}

export interface JournalReading {
  readonly entries: readonly JournalEntry[];
  /** Of one wish, the one with most of them: entries that were counted and not read. */
  readonly unreadCount: number;
  readonly bookmark: JournalBookmark;
  /** Files that could not be read, and why; empty when there are none. */
  readonly problem: string;
}

const folders = ["/var/log/journal", "/run/log/journal"];
/** A file's name ends with ~ after the computer went down without closing it. */
const isJournal = (name: string) => /\.journal~?$/.test(name);
/** Archived files do not change any more. */
const isArchived = (name: string) => name.includes("@") || name.endsWith("~");
const fileLimit = 500;
/** What is written to now before what is archived, the system's before the users': of a terminal server with hundreds of users the system is heard. */
const rankOf = (path: string) => (isArchived(path) ? 2 : 0) + (/\/system[^/]*$/.test(path) ? 0 : 1);

/** What the host kept; undefined for anything that is not what was put there. */
export function bookmarkFrom(kept: unknown): JournalBookmark | undefined {
  const { sinceMs, files } = (kept ?? {}) as Partial<JournalBookmark>;
  if (typeof sinceMs !== "number" || typeof files !== "object" || files === null) return undefined;
  return { sinceMs, files: Object.fromEntries(Object.entries(files).filter(([, place]) => typeof place === "number")) };
}

/**
 * @param wishes an entry that several ask for comes once
 * @param fields what to take of each entry
 * @param seen remembers between readings which archived files were read to their end
 * @returns undefined where there is no journal. Throws OsError when none of its files can be read.
 */
export async function readJournal(
  os: Os,
  wishes: readonly JournalWish[],
  fields: readonly string[],
  bookmark: JournalBookmark,
  seen: Set<string>,
): Promise<JournalReading | undefined> {
  const paths = await journalPaths(os);
  if (paths.length === 0) return undefined;
  const wanted = new Set([...fields, ...wishes.map(({ field }) => field)]);
  const entries: JournalEntry[] = [];
  const unread = wishes.map(() => 0);
  const files: Record<string, number> = {};
  const problems: string[] = [];
  for (const path of paths.slice(0, fileLimit)) {
    try {
      const part = await readFile(os, path, wishes, wanted, bookmark, seen);
      files[part.id] = part.place;
      entries.push(...part.entries);
      part.unread.forEach((count, index) => (unread[index]! += count));
    } catch (error) {
      if (!(error instanceof JournalDamage) && !(error instanceof OsError)) throw error;
      if (error instanceof OsError && error.code === "COLLECT_PERMISSION_DENIED" && paths.length === 1) throw error;
      problems.push(`${path}: ${error.message}`);
    }
  }
  if (problems.length === Math.min(paths.length, fileLimit)) throw new OsError("COLLECT_UNREADABLE", problems[0]!);
  const leftOut = paths.slice(fileLimit).filter((path) => !isArchived(path)).length;
  if (leftOut > 0) problems.push(`${leftOut} more journals than the ${fileLimit} that are read`);
  return {
    entries: entries.sort((one, other) => one.atMs - other.atMs),
    unreadCount: Math.max(0, ...unread),
    // Of a file that could not be read now it is still known how far it was read.
    bookmark: { sinceMs: bookmark.sinceMs, files: problems.length > 0 ? { ...bookmark.files, ...files } : files },
    problem: problems.join("; "),
  };
}

/** The files of this computer's journal, the most important first, those of users too; not those of other computers that were copied here. */
async function journalPaths(os: Os): Promise<string[]> {
  const machine = (await os.readFile("/etc/machine-id").catch(() => "")).trim();
  if (!/^[0-9a-f]{32}$/.test(machine)) return [];
  const found: string[] = [];
  for (const folder of folders) {
    const names = await os.listDirectory(`${folder}/${machine}`).catch(unlessMissing);
    found.push(...names.filter(isJournal).map((name) => `${folder}/${machine}/${name}`));
  }
  return found.sort((one, other) => rankOf(one) - rankOf(other) || (one < other ? 1 : -1));
}

function unlessMissing(error: unknown): string[] {
  if (error instanceof OsError && error.code === "COLLECT_UNREADABLE") return [];
  throw error;
}

interface FilePart {
  readonly id: string;
  readonly place: number;
  readonly entries: readonly JournalEntry[];
  readonly unread: readonly number[];
}

/** Ids of archived files by path, so that they are not opened again: `path\nid\nplace`. */
const knownOf = (seen: ReadonlySet<string>, path: string) =>
  [...seen].find((known) => known.startsWith(`${path}\n`))?.split("\n") as [string, string, string] | undefined;

async function readFile(
  os: Os,
  path: string,
  wishes: readonly JournalWish[],
  wanted: ReadonlySet<string>,
  bookmark: JournalBookmark,
  seen: Set<string>,
): Promise<FilePart> {
  const known = knownOf(seen, path);
  if (known) return { id: known[1], place: Number(known[2]), entries: [], unread: [] };
  if (!os.openFile) throw new OsError("COLLECT_UNSUPPORTED", "pieces of files cannot be read here", "not-on-this-system: pread");
  const opened = await os.openFile(path);
  try {
    const file = new JournalFile(opened, wanted);
    const until = file.lastEntry();
    const part = lookInto(file, wishes, bookmark.files[file.id] ?? file.lastEntryBefore(bookmark.sinceMs), until);
    if (isArchived(path)) seen.add(`${path}\n${file.id}\n${until}`);
    return { id: file.id, place: until, ...part };
  } finally {
    opened.close();
  }
}

function lookInto(file: JournalFile, wishes: readonly JournalWish[], after: number, until: number): Pick<FilePart, "entries" | "unread"> {
  if (until <= after) return { entries: [], unread: [] };
  const places = new Set<number>();
  const unread = wishes.map(({ field, isWanted, limit }) => {
    let [count, taken] = [0, 0];
    for (const data of file.valuesOf(field, isWanted)) {
      const list = file.entriesWith(data, after, until, limit - taken);
      count += list.count;
      taken += list.offsets.length;
      for (const place of list.offsets) places.add(place);
    }
    return count - taken;
  });
  return { entries: [...places].sort((one, other) => one - other).map((place) => file.entry(place)), unread };
}
