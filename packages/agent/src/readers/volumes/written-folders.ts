/**
 * Where on a volume much was written lately: a walk through its folders that adds up the files changed since a moment. It needs no second
 * look to compare with, so it is made only when a volume grows. Bounded, and in small steps with pauses, because somebody works there.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Os } from "../../os/os.ts";

export interface WrittenFolder {
  readonly path: string;
  /** In files that were changed since; what was in them before counts too. */
  readonly bytes: number;
  readonly files: number;
}

export interface WrittenFolders {
  /** The largest first. */
  readonly folders: readonly WrittenFolder[];
  /** The walk ended early, or folders could not be looked into: there may be more. */
  readonly isPartial: boolean;
}

export interface WalkRequest {
  readonly os: Os;
  /** Mount point or drive letter. */
  readonly mount: string;
  /** What is mounted elsewhere is not walked into. */
  readonly mountPoints: ReadonlySet<string>;
  /** Files changed since then count; Unix milliseconds. */
  readonly sinceMs: number;
  /** Files and folders that are looked at. */
  readonly mostEntries?: number;
  /** Of each step of a thousand; tests do not wait. */
  readonly pauseMs?: number;
}

/** Three quarters of a terabyte of office files; a walk of some ten seconds. */
const usualMostEntries = 300_000;
const usualPauseMs = 20;
const entriesPerStep = 1_000;
/** Deeper folders count to the one at this depth: /var/lib/docker/overlay2. */
const deepest = 4;
/** A folder with less than this of all that was written says little by itself and counts to the one above. */
const leastShare = 0.15;
const mostNamed = 5;

/** Never throws: what cannot be looked into makes the result partial. */
export async function findWrittenFolders(request: WalkRequest): Promise<WrittenFolders> {
  const { os, mount, mountPoints, sinceMs, mostEntries = usualMostEntries, pauseMs = usualPauseMs } = request;
  const root: Node = { path: mount, depth: 0, bytes: 0, files: 0, inner: [] };
  // A bare drive letter would mean the folder that the agent stands in.
  const start = /^[A-Z]:$/i.test(mount) ? `${mount}\\` : mount;
  const waiting: { readonly path: string; readonly node: Node }[] = [{ path: start, node: root }];
  let [seen, sincePause, isPartial] = [0, 0, false];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen >= mostEntries) return { folders: named(root), isPartial: true };
    const { path, node } = next;
    const content = await os.listFolder(path, mostEntries - seen).catch(() => undefined);
    isPartial ||= content?.isCut ?? true;
    if (!content) continue;
    for (const { bytes, modifiedAtMs } of content.files) {
      if (modifiedAtMs < sinceMs) continue;
      node.bytes += bytes;
      node.files++;
    }
    for (const name of content.folders) {
      const inner = joined(path, name);
      if (!mountPoints.has(inner)) waiting.push({ path: inner, node: node.depth < deepest ? added(node, inner) : node });
    }
    const entries = 1 + content.files.length;
    seen += entries;
    sincePause += entries;
    if (sincePause >= entriesPerStep) {
      sincePause = 0;
      await sleep(pauseMs);
    }
  }
  return { folders: named(root), isPartial };
}

interface Node {
  readonly path: string;
  readonly depth: number;
  /** In the folder itself, and in those below that have no node. */
  bytes: number;
  files: number;
  readonly inner: Node[];
}

function added(node: Node, path: string): Node {
  const inner: Node = { path, depth: node.depth + 1, bytes: 0, files: 0, inner: [] };
  node.inner.push(inner);
  return inner;
}

const joined = (path: string, name: string) => (/[\\/]$/.test(path) ? path : path + (/^[A-Z]:/i.test(path) ? "\\" : "/")) + name;

/** Folders with a good share each; what is scattered counts to the folder that holds it all. */
function named(root: Node): WrittenFolder[] {
  const allBytes = sumOf(root);
  const found: WrittenFolder[] = [];
  /** @returns what was not enough to be named */
  const visit = (node: Node): { bytes: number; files: number } => {
    let { bytes, files } = node;
    for (const inner of node.inner) {
      const rest = visit(inner);
      bytes += rest.bytes;
      files += rest.files;
    }
    if (bytes === 0 || (bytes < allBytes * leastShare && node !== root)) return { bytes, files };
    found.push({ path: node.path, bytes, files });
    return { bytes: 0, files: 0 };
  };
  visit(root);
  return found.toSorted((one, other) => other.bytes - one.bytes).slice(0, mostNamed);
}

const sumOf = (node: Node): number => node.inner.reduce((sum, inner) => sum + sumOf(inner), node.bytes);
