/** launchd's jobs: what their property lists want (launchd.plist(5)), and what launchctl(1) says of them. */
import { isDictionary, plistArray, plistAt, plistFlag, plistText, readPropertyList } from "@hauswart/agent/os/macos/plist.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";

/** A job as `launchctl list` shows it. */
export interface ListedJob {
  /** 0 when it does not run. */
  readonly processId: number;
  /** Of its last run; below 0 the signal that ended it. */
  readonly lastExit: number;
}

/** What a property list says of a job. */
export interface JobTraits {
  readonly label: string;
  /** always: launchd keeps it running whatever happens; at-start: from the start of the system until it ends with success. */
  readonly runs: "always" | "at-start" | "by-clock" | "on-demand";
  readonly isDisabled: boolean;
  readonly program: string;
}

/**
 * Reads `launchctl list`: columns PID, Status and Label with tabs between them, a dash for no process. The form is as old as
 * launchd; `launchctl print` says of itself that its form may change.
 */
export function parseJobList(text: string): Map<string, ListedJob> {
  const jobs = new Map<string, ListedJob>();
  for (const line of text.split("\n")) {
    const [, processId, status, label] = /^(\d+|-)\t(-?\d+|-)\t(\S.*)$/.exec(line) ?? [];
    if (!processId || !status || !label) continue;
    jobs.set(label.trim(), { processId: processId === "-" ? 0 : Number(processId), lastExit: status === "-" ? 0 : Number(status) });
  }
  return jobs;
}

export async function listJobs(os: Os): Promise<Map<string, ListedJob>> {
  const { exitCode, stdout, stderr } = await os.run("launchctl", ["list"]);
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", `launchctl list ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  const jobs = parseJobList(stdout);
  if (jobs.size === 0) throw new OsError("COLLECT_UNREADABLE", "launchctl list shows no job.", "does-not-tell: launchctl");
  return jobs;
}

/** Installed software puts its daemons here; Apple's own lie below /System and are looked after by the system. */
const daemonFolder = "/Library/LaunchDaemons";
/** What an administrator has switched on or off, by label; it wins over the property lists. */
const overridesPath = "/var/db/com.apple.xpc.launchd/disabled.plist";

interface Remembered {
  readonly modifiedAtMs: number;
  readonly sizeBytes: number;
  readonly traits: JobTraits | undefined;
}

/** Property lists are parsed once, and again when they change. */
export class JobFiles {
  readonly #os: Os;
  #files = new Map<string, Remembered>();

  constructor(os: Os) {
    this.#os = os;
  }

  /** The daemons of installed software, by label. One whose list cannot be understood is left out: launchd does not run it either. */
  async read(): Promise<Map<string, JobTraits>> {
    const names = (await this.#os.listDirectory(daemonFolder)).filter((name) => name.endsWith(".plist") && !name.startsWith("."));
    const files = new Map<string, Remembered>();
    for (const name of names) {
      const path = `${daemonFolder}/${name}`;
      const info = await this.#os.fileInfo(path);
      if (info?.kind !== "file") continue;
      const { modifiedAtMs, sizeBytes } = info;
      const known = this.#files.get(path);
      const isKnown = known?.modifiedAtMs === modifiedAtMs && known.sizeBytes === sizeBytes;
      files.set(path, isKnown ? known : { modifiedAtMs, sizeBytes, traits: await readTraits(this.#os, path) });
    }
    this.#files = files;
    const overrides = await readOverrides(this.#os);
    const jobs = new Map<string, JobTraits>();
    for (const { traits } of files.values()) {
      if (traits) jobs.set(traits.label, { ...traits, isDisabled: overrides.get(traits.label) ?? traits.isDisabled });
    }
    return jobs;
  }

  /** Where the property list of a job lies, and when it runs; undefined for a job without one among those that were read last. */
  of(label: string): (Pick<JobTraits, "runs"> & { readonly path: string }) | undefined {
    for (const [path, { traits }] of this.#files) if (traits?.label === label) return { path, runs: traits.runs };
    return undefined;
  }
}

async function readTraits(os: Os, path: string): Promise<JobTraits | undefined> {
  try {
    const list = await readPropertyList(os, path);
    const label = plistText(list, "Label");
    if (!label) return undefined;
    const program = plistText(list, "Program") ?? plistArray(list, "ProgramArguments")[0];
    return {
      label,
      runs: runsOf(list),
      isDisabled: plistFlag(list, "Disabled") ?? false,
      program: typeof program === "string" ? program : "",
    };
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}

function runsOf(list: Parameters<typeof plistAt>[0]): JobTraits["runs"] {
  const keepAlive = plistAt(list, "KeepAlive");
  if (plistFlag(list, "KeepAlive")) return "always";
  // Only these conditions keep a job up that was started with the system: whenever it ends other than with success.
  const isKeptAfterFailure = isDictionary(keepAlive) && (keepAlive["SuccessfulExit"] === false || keepAlive["Crashed"] === true);
  if (plistFlag(list, "RunAtLoad") || isKeptAfterFailure) return "at-start";
  return plistAt(list, "StartInterval") !== undefined || plistAt(list, "StartCalendarInterval") !== undefined ? "by-clock" : "on-demand";
}

async function readOverrides(os: Os): Promise<ReadonlyMap<string, boolean>> {
  try {
    const list = await readPropertyList(os, overridesPath);
    return new Map(isDictionary(list) ? Object.entries(list).flatMap(([label, is]) => (typeof is === "boolean" ? [[label, is]] : [])) : []);
  } catch (error) {
    if (error instanceof OsError && error.code === "COLLECT_UNREADABLE") return new Map(); // nothing was ever switched
    throw error;
  }
}
