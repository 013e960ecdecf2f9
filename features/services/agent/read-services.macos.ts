/** Daemons of a computer that launchd runs. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import { JobFiles, listJobs, type JobTraits, type ListedJob } from "./launchd.macos.ts";
import { OwnRestarts } from "./own-restarts.ts";
import type { ObservedService, OpenServiceManager, RestartResult, Selection, ServiceManager } from "./service-manager.ts";
import type { services } from "../protocol.ts";

const rowLimit = 500;
/** A service may take this long to run before the attempt counts as failed. */
const waitMs = 20_000;
const askEveryMs = 500;
/** It has to be running this long after it was seen running. */
const settleMs = 1_500;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const openServiceManager: OpenServiceManager = (os) => new LaunchdServices(os);

class LaunchdServices implements ServiceManager {
  readonly #os: Os;
  readonly #files: JobFiles;
  readonly #ownRestarts = new OwnRestarts();
  /** How often another process was seen, by label. */
  readonly #processes = new Map<string, { processId: number; changes: number }>();
  /** Since when it has been seen in its state, by label. */
  #since = new Map<string, { state: ObservedService["state"]; at: number }>();
  #failedBefore: ReadonlySet<string> = new Set();

  constructor(os: Os) {
    this.#os = os;
    this.#files = new JobFiles(os);
  }

  async read(selection: Selection, nowMs: number): Promise<Collected<readonly ObservedService[], NoDataCodeOf<typeof services>>> {
    const [jobs, traits] = [await listJobs(this.#os), await this.#files.read()];
    const labels = new Set([...traits.keys(), ...jobs.keys(), ...selection.listed.filter((name) => !name.includes("*"))]);
    const rows: ObservedService[] = [];
    for (const label of labels) {
      const row = this.#rowOf(label, traits.get(label), jobs.get(label), selection, nowMs);
      if (row) rows.push(row);
    }
    if (rows.length > rowLimit)
      return {
        failed: "COLLECT_OUTPUT_TOO_LARGE",
        detail: `too-many-rows: ${rows.length} > ${rowLimit}`,
      };
    this.#remember(rows);
    return { ok: rows.sort((one, other) => (one.name < other.name ? -1 : 1)) };
  }

  #rowOf(
    label: string,
    traits: JobTraits | undefined,
    job: ListedJob | undefined,
    selection: Selection,
    nowMs: number,
  ): ObservedService | undefined {
    if (fitsAny(selection.exclude, label)) return undefined;
    const state = stateOf(traits, job);
    const watchedAs = this.#whyWatched(label, traits, state, selection);
    if (!watchedAs) return undefined;
    // Nothing to say of jobs that did what they had to.
    if (watchedAs === "automatic" && state === "finished") return undefined;
    this.#noteProcess(label, job, nowMs);
    return {
      name: clip(label, subjectLimit),
      displayName: clip(traits?.program.slice(traits.program.lastIndexOf("/") + 1) || label, textLimit),
      start: startOf(traits),
      watchedAs,
      state,
      stateSince: state === "running" ? null : this.#sinceOf(label, state, nowMs),
      problem: problemOf(job),
      ownRestartCount: this.#ownRestarts.count(label, nowMs),
    };
  }

  #whyWatched(
    label: string,
    traits: JobTraits | undefined,
    state: ObservedService["state"],
    { listed, watch }: Selection,
  ): ObservedService["watchedAs"] | undefined {
    if (fitsAny(listed, label)) return "listed";
    if (watch !== "automatic" || !traits || traits.isDisabled) return undefined;
    if (traits.runs === "always") return "automatic";
    // Jobs that end by themselves: only their failure is news, and the end of it.
    const isJob = traits.runs === "at-start" || traits.runs === "by-clock";
    return isJob && (state === "failed" || this.#failedBefore.has(label)) ? "failed" : undefined;
  }

  /** launchd keeps no counter, so another process of the same job is what tells of its restart. */
  #noteProcess(label: string, job: ListedJob | undefined, nowMs: number): void {
    const processId = job?.processId ?? 0;
    const known = this.#processes.get(label) ?? { processId, changes: 0 };
    if (processId !== 0 && known.processId !== 0 && processId !== known.processId) known.changes++;
    if (processId !== 0) known.processId = processId;
    this.#processes.set(label, known);
    this.#ownRestarts.note(label, known.changes, nowMs);
  }

  #sinceOf(label: string, state: ObservedService["state"], nowMs: number): number {
    const known = this.#since.get(label);
    return known?.state === state ? known.at : nowMs;
  }

  #remember(rows: readonly ObservedService[]): void {
    const names = new Set(rows.map(({ name }) => name));
    this.#since = new Map(rows.flatMap(({ name, state, stateSince }) => (stateSince === null ? [] : [[name, { state, at: stateSince }]])));
    this.#failedBefore = new Set(
      rows.filter(({ watchedAs, state }) => watchedAs === "failed" && state === "failed").map(({ name }) => name),
    );
    this.#ownRestarts.keepOnly(names);
    for (const label of this.#processes.keys()) if (!names.has(label)) this.#processes.delete(label);
  }

  async restart(name: string): Promise<RestartResult> {
    try {
      const problem = await this.#start(name);
      return problem === "" ? await this.#outcome(name) : { succeeded: false, detail: problem };
    } catch (error) {
      if (error instanceof OsError) return { succeeded: false, detail: `${error.code}: ${error.message}` };
      throw error;
    } finally {
      this.#processes.delete(name); // a restart of ours is none of launchd's
    }
  }

  /** @returns what stood in the way; empty when it was started */
  async #start(name: string): Promise<string> {
    const target = `system/${name}`;
    const kickstart = () => this.#launchctl("kickstart", "-k", target);
    if ((await listJobs(this.#os)).has(name)) return kickstart();
    // launchd does not know a job that was booted out: it has to be handed its property list again.
    const file = this.#files.of(name);
    if (!file) return "launchd does not know it, and /Library/LaunchDaemons has no property list of it.";
    const problem = await this.#launchctl("bootstrap", "system", file.path);
    const startsByItself = file.runs === "always" || file.runs === "at-start";
    return problem !== "" || startsByItself ? problem : kickstart();
  }

  async #launchctl(...words: readonly string[]): Promise<string> {
    const { exitCode, stderr } = await this.#os.run("launchctl", words);
    return exitCode === 0 ? "" : `launchctl ${words[0]} ended with ${exitCode}: ${stderr.trim()}`;
  }

  async #outcome(name: string): Promise<RestartResult> {
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      const first = (await listJobs(this.#os)).get(name);
      if (first && first.processId !== 0) {
        await pause(settleMs);
        const second = (await listJobs(this.#os)).get(name);
        if (second?.processId === first.processId) return { succeeded: true, detail: "" };
        return { succeeded: false, detail: problemOf(second) || "It ran, and ended at once." };
      }
      await pause(askEveryMs);
    }
    return { succeeded: false, detail: `It did not run within ${waitMs / 1_000} s.` };
  }

  /** launchd tells nobody when a job ends. */
  watch = async () => ({ stop() {} });
}

function startOf(traits: JobTraits | undefined): ObservedService["start"] {
  if (!traits) return "unknown";
  if (traits.isDisabled) return "deactivated";
  return traits.runs === "always" || traits.runs === "at-start" ? "automatic" : "by-others";
}

function stateOf(traits: JobTraits | undefined, job: ListedJob | undefined): ObservedService["state"] {
  if (!job) return traits ? "stopped" : "missing";
  if (job.processId !== 0) return "running";
  if (job.lastExit !== 0) return "failed";
  if (!traits) return "stopped";
  if (traits.runs === "always") return "stopped";
  return traits.runs === "on-demand" ? "waiting" : "finished";
}

/** exit-code 1, signal 9; empty when its last run ended well or never was. */
function problemOf(job: ListedJob | undefined): string {
  if (!job || job.processId !== 0 || job.lastExit === 0) return "";
  return job.lastExit < 0 ? `signal ${-job.lastExit}` : `exit-code ${job.lastExit}`;
}
