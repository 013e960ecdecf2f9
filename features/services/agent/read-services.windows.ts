/** Services of a Windows computer, from its service control manager. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import type { Watcher } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsService } from "@hauswart/agent/os/windows/calls.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { repeatedly } from "@hauswart/agent/readers/repeat.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import { OwnRestarts } from "./own-restarts.ts";
import {
  missingService,
  type ObservedService,
  type OpenServiceManager,
  type RestartResult,
  type Selection,
  type ServiceManager,
} from "./service-manager.ts";
import { isAutomatic, isNamed, problemOf, startOf, stateOf } from "./windows-services.ts";
import type { services } from "../protocol.ts";

const rowLimit = 500;
/** One question to the service control manager, together with the other looks of this pace. */
const lookEveryMs = 10_000;
/** A service may take this long to run before the attempt counts as failed. */
const waitMs = 20_000;
const askEveryMs = 500;
/** It has to be running this long after it was seen running: many die of a wrong configuration right after their start. */
const settleMs = 1_500;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const openServiceManager: OpenServiceManager = (os) => new WindowsServiceManager(os);

class WindowsServiceManager implements ServiceManager {
  readonly #os: Os;
  readonly #ownRestarts = new OwnRestarts();
  /** How often another process was seen, by name. */
  readonly #processes = new Map<string, { processId: number; changes: number }>();
  /** Since when it has been seen in its state, by name. */
  #since = new Map<string, { state: ObservedService["state"]; at: number }>();
  /** What the last reading was asked for, and how it found the services. */
  #last: { readonly selection: Selection; readonly states: string } | undefined;

  constructor(os: Os) {
    this.#os = os;
  }

  async read(selection: Selection, nowMs: number): Promise<Collected<readonly ObservedService[], NoDataCodeOf<typeof services>>> {
    const found = await this.#observe(selection, nowMs);
    const missing = this.#missing(found.services, selection);
    if (found.rows.length > rowLimit)
      return {
        failed: "COLLECT_OUTPUT_TOO_LARGE",
        detail: `too-many-rows: ${found.rows.length} > ${rowLimit}`,
      };
    const rows = [...found.rows, ...missing].sort((one, other) => (one.name < other.name ? -1 : 1));
    this.#remember(rows);
    this.#last = { selection, states: statesOf(found.rows) };
    return { ok: rows };
  }

  async #observe(selection: Selection, nowMs: number) {
    const windows = await this.#os.windows();
    const services = await windows.services.list();
    const bootedAtMs = await windows.bootedAtMs();
    const rows = services.map((service) => this.#rowOf(service, selection, nowMs, bootedAtMs)).filter((row) => row !== undefined);
    return { services, rows };
  }

  #rowOf(service: WindowsService, selection: Selection, nowMs: number, bootedAtMs: number): ObservedService | undefined {
    if (isNamed(selection.exclude, service)) return undefined;
    const isListed = isNamed(selection.listed, service);
    if (!isListed && (selection.watch !== "automatic" || !isAutomatic(service))) return undefined;
    const state = stateOf(service, nowMs - bootedAtMs, isListed);
    // Nothing to say of services that need not run just now.
    if (!isListed && state === "waiting") return undefined;
    const name = clip(service.name, subjectLimit);
    this.#noteProcess(name, service.processId, nowMs);
    return {
      name,
      displayName: clip(service.displayName, textLimit),
      start: startOf(service),
      watchedAs: isListed ? "listed" : "automatic",
      state,
      stateSince: state === "running" ? null : this.#sinceOf(name, state, nowMs),
      problem: problemOf(service),
      ownRestartCount: this.#ownRestarts.count(name, nowMs),
    };
  }

  /** Names in the settings that no service has, neither short nor in full. */
  #missing(services: readonly WindowsService[], { listed }: Selection): ObservedService[] {
    const missing = listed.filter((name) => !name.includes("*") && !services.some((service) => isNamed([name], service)));
    return missing.map((name) => missingService(clip(name, subjectLimit), ""));
  }

  /** Windows keeps no counter, so another process of the same service is what tells of its restart. */
  #noteProcess(name: string, processId: number, nowMs: number): void {
    const known = this.#processes.get(name) ?? { processId, changes: 0 };
    if (processId !== 0 && known.processId !== 0 && processId !== known.processId) known.changes++;
    if (processId !== 0) known.processId = processId;
    this.#processes.set(name, known);
    this.#ownRestarts.note(name, known.changes, nowMs);
  }

  #sinceOf(name: string, state: ObservedService["state"], nowMs: number): number {
    const known = this.#since.get(name);
    return known?.state === state ? known.at : nowMs;
  }

  #remember(rows: readonly ObservedService[]): void {
    const names = new Set(rows.map(({ name }) => name));
    this.#since = new Map(rows.flatMap(({ name, state, stateSince }) => (stateSince === null ? [] : [[name, { state, at: stateSince }]])));
    this.#ownRestarts.keepOnly(names);
    for (const name of this.#processes.keys()) if (!names.has(name)) this.#processes.delete(name);
  }

  async restart(name: string): Promise<RestartResult> {
    try {
      const { services } = await this.#os.windows();
      const [service] = (await services.list()).filter((one) => one.name === name);
      // A paused service is not started but stopped first.
      if (service?.state === "paused") await this.#stop(name);
      await services.start(name);
      return await this.#outcome(name);
    } catch (error) {
      if (error instanceof OsError) return { succeeded: false, detail: `${error.code}: ${error.message}` };
      throw error;
    } finally {
      this.#processes.delete(name); // a restart of ours is none of the system's
    }
  }

  async #stop(name: string): Promise<void> {
    const { services } = await this.#os.windows();
    await services.stop(name);
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline && (await this.#serviceNow(name))?.state !== "stopped") await pause(askEveryMs);
  }

  async #serviceNow(name: string): Promise<WindowsService | undefined> {
    return (await (await this.#os.windows()).services.list()).find((one) => one.name === name);
  }

  async #outcome(name: string): Promise<RestartResult> {
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      await pause(askEveryMs);
      const now = await this.#serviceNow(name);
      if (now?.state === "stopped") return { succeeded: false, detail: problemOf(now) || "It ran, and ended at once." };
      if (now?.state !== "running") continue;
      await pause(settleMs);
      const later = await this.#serviceNow(name);
      if (later?.state === "running") return { succeeded: true, detail: "" };
      return { succeeded: false, detail: (later && problemOf(later)) || "It ran, and ended at once." };
    }
    return { succeeded: false, detail: `It did not run within ${waitMs / 1_000} s.` };
  }

  /** Windows tells of changes only to threads that wait for it, so it is asked: for one number in all, and for more when that is another. */
  async watch(changed: () => void): Promise<Watcher> {
    let mark: string | undefined;
    return repeatedly(lookEveryMs, async () => {
      const now = await (await this.#os.windows()).services.stateMark();
      if (mark !== undefined && now !== mark) {
        // Until the first reading has ended there is nothing to compare with; then the mark of before tells that something changed meanwhile.
        if (!this.#last) return;
        const { rows } = await this.#observe(this.#last.selection, Date.now());
        if (statesOf(rows) !== this.#last.states) changed();
      }
      mark = now;
    });
  }
}

/** Many services come and go all day; only what was looked at counts. */
const statesOf = (rows: readonly ObservedService[]): string =>
  rows
    .map(({ name, state }) => `${name} ${state}`)
    .sort()
    .join();
