/**
 * Macrium Reflect runs its definitions by the Windows Task Scheduler (tasks Macrium-Backup-{…} and, in older versions, of the definition's
 * name): Reflect.exe -e -w -full|-diff|-inc "definition.xml". Its exit code is 0 for success, 1 for a backup that failed, 2 for a definition
 * that is not valid (the scripts that Reflect makes itself say so).
 */
import type { WindowsRegistry } from "@hauswart/agent/os/windows/calls.ts";
import { latest } from "@hauswart/agent/readers/kept-rows.ts";
import { readTaskIds, readTaskPrograms, readTaskRun, type TaskProgram, type TaskRun } from "@hauswart/agent/readers/windows-tasks.ts";
import type { FoundJob } from "./jobs.ts";

const meanings: Readonly<Record<string, string>> = {
  "0x00000001": "Reflect: the backup failed",
  "0x00000002": "Reflect: the definition is not valid",
};

/** The definition that a program backs up by; undefined when it is another program, or Reflect for another purpose. */
export function definitionOf({ command, argumentText }: TaskProgram): string | undefined {
  if (!/(?:^|\\)reflect(?:bin)?\.exe"?$/i.test(command.trim()) || !/(?:^|\s)-e(?:\s|$)/i.test(argumentText)) return undefined;
  return /([^\\/"]+)\.xml(?:"|\s|$)/i.exec(argumentText)?.[1]?.trim();
}

/** A definition has a task each for full, differential and incremental backups: whichever ran last tells how it stands. */
export function jobOf(definition: string, runs: readonly TaskRun[]): FoundJob {
  const ended = runs.filter(({ lastRunAt }) => lastRunAt !== null).sort((one, other) => other.lastRunAt! - one.lastRunAt!);
  const last = ended[0];
  const problem = last?.problem ?? "";
  return {
    name: `Macrium ${definition}`,
    program: "macrium",
    evidence: "settings",
    result: last?.result === "success" || last?.result === "failed" ? last.result : "unknown",
    lastRunAt: last?.lastRunAt ?? null,
    lastSuccessAt: runs.reduce<number | null>((known, { lastSuccessAt }) => latest(known, lastSuccessAt), null),
    runningSince: runs.find(({ runningSince }) => runningSince !== null)?.runningSince ?? null,
    problem: [problem, meanings[problem]].filter(Boolean).join(", "),
  };
}

/** @param values where the tasks are remembered for as long as the scheduler's list is. Throws OsError. */
export async function readReflect(registry: WindowsRegistry, values: Map<string, unknown>, nowMs: number): Promise<FoundJob[]> {
  const ids = await readTaskIds(registry, values, nowMs);
  let known = values.get("definitions") as { readonly ids: typeof ids; readonly tasks: ReadonlyMap<string, string> } | undefined;
  if (known?.ids !== ids) {
    const tasks = new Map<string, string>();
    for (const id of ids.values()) {
      const definition = (await readTaskPrograms(registry, id)).map(definitionOf).find((one) => one !== undefined);
      if (definition !== undefined) tasks.set(id, definition);
    }
    known = { ids, tasks };
    values.set("definitions", known);
  }
  const runs = new Map<string, TaskRun[]>();
  for (const [id, definition] of known.tasks) runs.set(definition, [...(runs.get(definition) ?? []), await readTaskRun(registry, id)]);
  return [...runs].map(([definition, all]) => jobOf(definition, all));
}
