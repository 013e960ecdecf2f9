/**
 * Duplicati's own database (Duplicati-server.sqlite): the tables Backup and Metadata hold name, last start, end and error of each job. Its
 * other contents, passwords among them, are not asked for.
 */
import type { Os } from "@hauswart/agent/os/os.ts";
import { nothing, type Adapter, type FoundJob } from "./jobs.ts";

/** Where the server keeps it: as a service, and for root; on Windows and macOS for the account of services. */
const places = [
  "/var/lib/duplicati/Duplicati-server.sqlite",
  "/usr/lib/duplicati/data/Duplicati-server.sqlite",
  "/Library/Application Support/Duplicati/Duplicati-server.sqlite",
  ...["/root", "/var/root"].map((home) => `${home}/.config/Duplicati/Duplicati-server.sqlite`),
  "C:\\ProgramData\\Duplicati\\Duplicati-server.sqlite",
  "C:\\Windows\\System32\\config\\systemprofile\\AppData\\Local\\Duplicati\\Duplicati-server.sqlite",
];

const names = ["LastBackupStarted", "LastBackupFinished", "LastBackupDate", "LastErrorDate", "LastErrorMessage"] as const;
const query = `select b.ID as id, b.Name as job, m.Name as name, m.Value as value from Backup b left join Metadata m on m.BackupID = b.ID
  and m.Name in (${names.map((name) => `'${name}'`).join(", ")}) order by b.ID limit 2000`;

export const duplicati: Adapter = {
  program: "duplicati",
  async read({ os }) {
    const path = await firstThatIsThere(os);
    if (path === undefined) return nothing;
    const jobs = understand(await os.queryDatabase(path, query));
    return { jobs, programs: [{ name: "duplicati", evidence: path, problem: jobs.length === 0 ? "It has no backup job." : "" }] };
  },
};

async function firstThatIsThere(os: Os): Promise<string | undefined> {
  for (const path of places) if ((await os.fileInfo(path))?.kind === "file") return path;
  return undefined;
}

/** 20261122T043001Z. @returns Unix time in milliseconds */
export function parseMoment(text: string | undefined): number | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "") ?? [];
  return second === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

/** Rows of job and one of its words each. */
export function understand(rows: readonly Readonly<Record<string, unknown>>[]): FoundJob[] {
  const jobs = new Map<string, { readonly name: string; readonly words: Map<string, string> }>();
  for (const { id, job, name, value } of rows) {
    const known = jobs.get(String(id)) ?? { name: String(job), words: new Map<string, string>() };
    jobs.set(String(id), known);
    if (typeof name === "string" && typeof value === "string") known.words.set(name, value);
  }
  return [...jobs.values()].map(({ name, words }) => {
    const finishedAt = parseMoment(words.get("LastBackupFinished")) ?? parseMoment(words.get("LastBackupDate"));
    const failedAt = parseMoment(words.get("LastErrorDate"));
    const startedAt = parseMoment(words.get("LastBackupStarted"));
    const hasFailed = failedAt !== null && failedAt > (finishedAt ?? 0);
    const lastRunAt = hasFailed ? failedAt : finishedAt;
    return {
      name: `duplicati ${name}`,
      program: "duplicati",
      evidence: "database",
      result: hasFailed ? "failed" : finishedAt === null ? "unknown" : "success",
      lastRunAt,
      lastSuccessAt: finishedAt,
      runningSince: startedAt !== null && startedAt > (lastRunAt ?? 0) ? startedAt : null,
      problem: hasFailed ? (words.get("LastErrorMessage") ?? "") : "",
    };
  });
}
