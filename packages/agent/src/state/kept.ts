/**
 * What collectors keep over restarts of the agent, and when daily checks ran: kept.json. Written only when something changed,
 * after the samples that belong to it are safe: a restart in between repeats an entry rather than losing one.
 */
import * as z from "zod/mini";
import type { Log } from "../log.ts";
import { StateFileError, type DataDirectory } from "./data-directory.ts";

const fileName = "kept.json";
/** A collector's memory is for bookmarks and counters. */
const limitBytes = 64 * 1024;

const Kept = z.object({
  memories: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Unix times in milliseconds. */
  dailyRuns: z.record(z.string(), z.number()),
  /** What was read then. Beside the times, so that the agent of before, when an update is taken back, still reads all the rest. */
  dailySelections: z.optional(z.record(z.string(), z.number())),
});

/** Names an instance by what it is; its number is the server's. */
interface Named {
  readonly check: string;
  readonly instance: string;
}
interface Selected extends Named {
  readonly selectionVersion: number;
}
const keyOf = ({ check, instance }: Named) => `${check}/${instance}`;

export interface KeptStore {
  /** The memory of an instance; an empty one when there is none. */
  read(of: Named): Record<string, unknown>;
  /** Looks at a memory after a measurement; it is saved with the next `save` when it changed. */
  note(of: Named, kept: Readonly<Record<string, unknown>>): void;
  /** When a daily instance ran last, and did not fail, with what it is to read now. Unix time in milliseconds. */
  dailyRun(of: Selected): number | undefined;
  noteDailyRun(of: Selected, atMs: number): void;
  /** For an instance that is not wanted any more: should it come back, it is measured at once. */
  forgetDailyRun(of: Named): void;
  save(): void;
}

/** Opens kept.json; a damaged file is logged, and the agent starts without memories. */
export function openKept(data: Pick<DataDirectory, "readJson" | "writeText">, log: Log): KeptStore {
  const content = readContent(data, log);
  const texts = new Map(Object.entries(content.memories).map(([key, memory]) => [key, JSON.stringify(memory)]));
  const selections = (content.dailySelections ??= {});
  let isChanged = false;
  return {
    read: (of) => structuredClone(content.memories[keyOf(of)] ?? {}),
    note(of, kept) {
      const key = keyOf(of);
      const text = memoryText(key, kept, log);
      if (text === undefined || text === (texts.get(key) ?? "{}")) return;
      texts.set(key, text);
      content.memories[key] = JSON.parse(text) as Record<string, unknown>;
      isChanged = true;
    },
    dailyRun(of) {
      const key = keyOf(of);
      // What agents wrote before November 2026 does not say it.
      const selectionVersion = selections[key] ?? of.selectionVersion;
      return selectionVersion === of.selectionVersion ? content.dailyRuns[key] : undefined;
    },
    noteDailyRun(of, atMs) {
      content.dailyRuns[keyOf(of)] = atMs;
      selections[keyOf(of)] = of.selectionVersion;
      isChanged = true;
    },
    forgetDailyRun(of) {
      if (!(keyOf(of) in content.dailyRuns)) return;
      delete content.dailyRuns[keyOf(of)];
      delete selections[keyOf(of)];
      isChanged = true;
    },
    save() {
      if (!isChanged) return;
      try {
        data.writeText(fileName, JSON.stringify(content));
        isChanged = false;
      } catch (error) {
        log.error("memories of the checks cannot be saved", { problem: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

function readContent(data: Pick<DataDirectory, "readJson">, log: Log): z.infer<typeof Kept> {
  try {
    return data.readJson(fileName, Kept) ?? { memories: {}, dailyRuns: {} };
  } catch (error) {
    if (!(error instanceof StateFileError)) throw error;
    log.error("memories of the checks are lost", { problem: error.message });
    return { memories: {}, dailyRuns: {} };
  }
}

function memoryText(key: string, kept: Readonly<Record<string, unknown>>, log: Log): string | undefined {
  try {
    const text = JSON.stringify(kept);
    if (text.length <= limitBytes) return text;
    log.error("a check wants to remember too much", { check: key, bytes: text.length });
  } catch (error) {
    log.error("a check's memory cannot be written", { check: key, problem: error instanceof Error ? error.message : String(error) });
  }
  return undefined;
}
