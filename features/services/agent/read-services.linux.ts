/** Services of a computer that systemd runs. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import type { Watcher } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import { runsSystemd } from "@hauswart/agent/readers/systemd/runs-systemd.linux.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import { OwnRestarts } from "./own-restarts.ts";
import { startService } from "./restart-service.linux.ts";
import type { ObservedService, OpenServiceManager, RestartResult, Selection, ServiceManager } from "./service-manager.ts";
import { listen } from "./systemd-signals.linux.ts";
import { saysNoSuchUnit, serviceInterface, Systemd, unitPath, type ListedUnit } from "./systemd.linux.ts";
import { findListed, readDetails, readTraits, withSuffix } from "./unit-properties.linux.ts";
import { isAutomaticDaemon, problemOf, startOf, stateFromDetails, stateFromList, type UnitDetails, type UnitTraits } from "./unit-state.ts";
import type { services as servicesCheck } from "../protocol.ts";

const rowLimit = 500;
/** What was asked once is asked again after this, even if no signal said that it changed. */
const answerLifeMs = 600_000;

export const openServiceManager: OpenServiceManager = (os) => new SystemdServices(os);

/** What is known of a unit; holds as long as systemd tells of no change, and the list shows the same state. */
interface Known {
  readonly traits: UnitTraits;
  readonly readAtMs: number;
  /** As the list showed it when `details` were read; empty before. */
  seenAs: string;
  details: UnitDetails | undefined;
}

/** One reading: what was found at its beginning. */
interface Reading {
  readonly systemd: Systemd;
  readonly selection: Selection;
  readonly nowMs: number;
  /** Names of the units that are active, or on their way there. */
  readonly activeUnits: ReadonlySet<string>;
  /** Paths of the units that the settings name in full. */
  readonly listedPaths: ReadonlySet<string>;
}

interface Watched {
  readonly as: ObservedService["watchedAs"];
  readonly start: ObservedService["start"];
}

class SystemdServices implements ServiceManager {
  readonly #os: Os;
  /** By path. */
  readonly #known = new Map<string, Known>();
  readonly #ownRestarts = new OwnRestarts();
  /** Since when a service has been starting or stopping, Unix time in milliseconds. */
  #underWay = new Map<string, number>();
  /** Unknown until the first reading has ended: what changes while it runs may be one that it has found running. */
  #watchedPaths: ReadonlySet<string> | undefined;
  /** Services that were reported as failed: told of once more when they are well again. */
  #failedBefore: ReadonlySet<string> = new Set();
  #changed: (() => void) | undefined;
  #endListening: (() => void) | undefined;

  constructor(os: Os) {
    this.#os = os;
  }

  async read(selection: Selection, nowMs: number): Promise<Collected<readonly ObservedService[], NoDataCodeOf<typeof servicesCheck>>> {
    if (!(await runsSystemd(this.#os))) return { noData: "no-systemd" };
    const systemd = new Systemd(await this.#os.systemBus());
    if (this.#changed) await this.#listen(systemd);
    if (!this.#endListening) this.#known.clear();
    const [units, isStopping] = await Promise.all([systemd.listUnits(["*.service", "*.target"]), systemd.isStopping()]);
    if (isStopping) return { noData: "shutting-down" };
    const { paths, missing } = await findListed(systemd, units, selection);
    const activeUnits = new Set(
      units
        .filter(({ activeState, jobType }) => ["active", "activating"].includes(activeState) || jobType === "start")
        .map(({ name }) => name),
    );
    const reading: Reading = { systemd, selection, nowMs, activeUnits, listedPaths: paths };
    const services = units.filter(({ name, loadState }) => name.endsWith(".service") && loadState !== "not-found");
    const observed = services.map((unit) => this.#observe(reading, unit)).filter((row) => row !== undefined);
    const rows = (await Promise.all(observed)).filter((row) => row !== undefined);
    if (rows.length > rowLimit)
      return {
        failed: "COLLECT_OUTPUT_TOO_LARGE",
        detail: `too-many-rows: ${rows.length} > ${rowLimit}`,
      };
    this.#remember(rows);
    return { ok: [...rows, ...missing].sort((one, other) => (one.name < other.name ? -1 : 1)) };
  }

  restart(name: string): Promise<RestartResult> {
    return startService(this.#os, name);
  }

  async watch(changed: () => void): Promise<Watcher> {
    this.#changed = changed;
    const stop = () => {
      this.#changed = undefined;
      this.#endListening?.();
      this.#endListening = undefined;
    };
    try {
      if (await runsSystemd(this.#os)) await this.#listen(new Systemd(await this.#os.systemBus()));
    } catch (error) {
      // The next reading tries again, and reports what is wrong.
      if (!(error instanceof OsError)) throw error;
    }
    return { stop };
  }

  /** Listens, once; after a lost connection the next reading listens anew. */
  async #listen(systemd: Systemd): Promise<void> {
    if (this.#endListening) return;
    this.#endListening = await listen(systemd, {
      unitChanged: (path, activeState) => {
        const known = this.#known.get(path);
        if (known) known.seenAs = "";
        const isWatched = this.#watchedPaths?.has(path) ?? true;
        if (activeState !== undefined && (isWatched || activeState === "failed")) this.#changed?.();
      },
      filesChanged: () => this.#known.clear(),
      closed: () => (this.#endListening = undefined),
    });
    this.#known.clear();
  }

  /**
   * One unit as a row, if it is one of those that are looked at. Most units are known and looked past, again and again:
   * for those nothing is awaited.
   */
  #observe(reading: Reading, unit: ListedUnit): Promise<ObservedService | undefined> | undefined {
    const { selection, listedPaths, nowMs } = reading;
    if (fitsNames(selection.exclude, unit.name)) return undefined;
    const isListed = listedPaths.has(unit.path) || fitsNames(selection.listed, unit.name);
    const known = this.#known.get(unit.path);
    if (!known || Math.abs(nowMs - known.readAtMs) >= answerLifeMs) return this.#learn(reading, unit, isListed);
    const why = this.#whyWatched(reading, unit, known, isListed);
    return why && this.#watchedRow(reading, unit, known, why);
  }

  /** Asks systemd about a unit first. */
  async #learn(reading: Reading, unit: ListedUnit, isListed: boolean): Promise<ObservedService | undefined> {
    const traits = await readTraits(reading.systemd, unit, isListed).catch(unlessGone);
    if (!traits) return undefined;
    const known: Known = { traits, readAtMs: reading.nowMs, seenAs: "", details: undefined };
    this.#known.set(unit.path, known);
    const why = this.#whyWatched(reading, unit, known, isListed);
    return why && this.#watchedRow(reading, unit, known, why);
  }

  /** Why a unit is looked at; undefined when it is not. */
  #whyWatched({ selection, activeUnits }: Reading, unit: ListedUnit, { traits }: Known, isListed: boolean): Watched | undefined {
    const isPulledIn = traits.wantedBy.some((name) => activeUnits.has(name));
    const watched = (as: Watched["as"]): Watched => ({ as, start: startOf(traits, isPulledIn) });
    if (isListed) return watched("listed");
    if (selection.watch !== "automatic") return undefined;
    if (isAutomaticDaemon(traits, isPulledIn)) return watched("automatic");
    return unit.activeState === "failed" || this.#failedBefore.has(unit.name) ? watched("failed") : undefined;
  }

  async #watchedRow(reading: Reading, unit: ListedUnit, known: Known, why: Watched): Promise<ObservedService | undefined> {
    const row = await this.#rowOf(reading, unit, known, why.start, why.as).catch(unlessGone);
    // Nothing to say of services that never had to run here.
    return why.as === "automatic" && row && ["skipped", "finished", "waiting"].includes(row.state) ? undefined : row;
  }

  async #rowOf(
    { systemd, nowMs }: Reading,
    unit: ListedUnit,
    known: Known,
    start: ObservedService["start"],
    watchedAs: ObservedService["watchedAs"],
  ): Promise<ObservedService> {
    const { name, description } = unit;
    const listState = stateFromList(unit);
    const seenAs = `${unit.activeState} ${unit.subState} ${unit.jobType}`;
    if (known.seenAs !== seenAs) {
      known.details = listState === undefined || listState === "failed" ? await readDetails(systemd, unit.path, known.traits) : undefined;
      this.#ownRestarts.note(name, await systemd.number(unit.path, serviceInterface, "NRestarts"), nowMs);
      known.seenAs = seenAs;
    }
    const { details } = known;
    const state = listState ?? (details ? stateFromDetails(known.traits, details) : "stopped");
    return {
      name,
      displayName: clip(description, textLimit),
      start,
      watchedAs,
      state,
      stateSince: this.#sinceOf(name, state, details, nowMs),
      problem: details ? problemOf(details) : "",
      ownRestartCount: this.#ownRestarts.count(name, nowMs),
    };
  }

  /** A service that systemd starts again and again has been starting since the first time that it was seen so. */
  #sinceOf(name: string, state: ObservedService["state"], details: UnitDetails | undefined, nowMs: number): number | null {
    if (state === "starting" || state === "stopping") return this.#underWay.get(name) ?? nowMs;
    return details && details.stateChangedAt > 0 ? Math.round(details.stateChangedAt / 1_000) : null;
  }

  #remember(rows: readonly ObservedService[]): void {
    this.#watchedPaths = new Set(rows.map(({ name }) => unitPath(name)));
    this.#failedBefore = new Set(
      rows.filter(({ watchedAs, state }) => watchedAs === "failed" && state === "failed").map(({ name }) => name),
    );
    this.#underWay = new Map(
      rows.flatMap(({ name, state, stateSince }) =>
        (state === "starting" || state === "stopping") && stateSince !== null ? [[name, stateSince] as const] : [],
      ),
    );
    this.#ownRestarts.keepOnly(new Set(rows.map(({ name }) => name)));
  }
}

/** A unit that went between the list and the question is not there. */
function unlessGone(error: unknown): undefined {
  if (!saysNoSuchUnit(error)) throw error;
}

/** Names in settings may leave out ".service". */
const fitsNames = (patterns: readonly string[], name: string) =>
  patterns.length > 0 && (fitsAny(patterns.map(withSuffix), name) || fitsAny(patterns, name.replace(/\.service$/, "")));
