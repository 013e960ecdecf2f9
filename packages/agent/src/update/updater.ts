/**
 * The agent's own updates: takes an offer, checks and fetches it, has it tried, and confirms it once the server has welcomed it. What goes
 * wrong ends the update and never the agent.
 */
import type { KeySet } from "@hauswart/protocol/release/key-chain.ts";
import { ManifestError, type ReleaseFile, type ReleaseManifest, type SignedRelease } from "@hauswart/protocol/release/manifest.ts";
import { compareVersions } from "@hauswart/protocol/release/version-order.ts";
import type { HelloUpdate, UpdateReport } from "@hauswart/protocol/wire/messages.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { DownloadError } from "./download.ts";
import type { LoaderHost } from "./loader-host.ts";
import { releaseChannel } from "./release-keys.ts";
import { applicationFor, bundleName, canLoad, checkSlot, envelopeName, moduleFolder, readSigned } from "./slots.ts";
import { beginTrial, confirmTrial, freeSlot, noteFailure, readState, secondsLeft, writeState, type Slot, type Trial } from "./state.ts";
import { takeBack, type RestoreExecutable } from "./take-back.ts";
import type { UpdateFiles } from "./update-files.ts";

export interface UpdaterNeeds {
  readonly host: LoaderHost;
  readonly files: UpdateFiles;
  readonly keys: KeySet;
  /** Version that runs. */
  readonly version: string;
  readonly system: string;
  readonly runtime: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Fetches a file; its name in the folder of updates. Throws DownloadError. */
  fetchFile(file: ReleaseFile): Promise<string>;
  /** Unix time in milliseconds, by the server's clock as far as it is known. */
  serverTime(): number;
  freeBytes(): Promise<number>;
  /** Has a program say its version. @param slot the bundle that it shall load; undefined = its own application */
  askVersion(executable: string, slot: Slot | undefined): Promise<string>;
  /** Puts a file of the folder of updates where it can be run. @returns its path */
  stageExecutable(name: string): string;
  /** Keeps the running executable, to be put back. @returns where it waits, and its SHA-256 */
  keepPrevious(): { readonly previousExecutable: string; readonly previousSha256: string };
  /** Puts what was staged in the place of the running executable. */
  replaceExecutable(): Promise<void>;
  readonly restoreExecutable: RestoreExecutable;
  /** Tells the server; only called while it wants to know. */
  report(report: Omit<UpdateReport, "type">): void;
  /** Ends the agent in order and begins anew. */
  restart(): void;
}

/** What is known of a trial before it is known from where it runs. */
type NextTrial = Pick<Trial, "version" | "confirmSeconds" | "keys">;

/** Besides the file itself, so that an update never fills the disk. */
const spareBytes = 32 * 1024 * 1024;

/** Why an update was not begun or not ended well; the codes of docs/agent-updates.md. */
class UpdateError extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export class Updater {
  readonly #needs: UpdaterNeeds;
  #isBusy = false;
  #isWelcome = false;
  #cancelDeadline: (() => void) | undefined;
  #ended: LoaderHost["ended"];

  constructor(needs: UpdaterNeeds) {
    this.#needs = needs;
    this.#ended = needs.host.ended;
  }

  /** Begins the time in which a new application has to be welcomed. */
  start(): void {
    const { host, clock } = this.#needs;
    if (host.trial) this.#cancelDeadline = clock.after(secondsLeft(host.trial) * 1_000, () => void this.#giveUp());
  }

  stop(): void {
    this.#cancelDeadline?.();
  }

  /** What a hello says of updates. */
  hello(): HelloUpdate {
    const { host, runtime, files } = this.#needs;
    const { last } = readState(files);
    return {
      format: 1,
      loader: host.loader,
      runtime,
      target: host.target,
      running: host.running,
      isTrial: host.trial !== undefined && !this.#isWelcome,
      ...(last ? { last: { version: last.version, outcome: last.outcome, code: last.code, detail: last.detail, at: last.atMs } } : {}),
      ...(this.#ended ? { ended: { reason: this.#ended.reason, at: this.#ended.atMs } } : {}),
    };
  }

  /** The server has proven itself and taken this agent in. @param wantsReports whether it knows of updates */
  welcomed(wantsReports: boolean): void {
    const { host, files, clock, log, report } = this.#needs;
    this.#ended = undefined;
    if (this.#isWelcome) return;
    this.#isWelcome = true;
    this.#cancelDeadline?.();
    if (!host.trial) return;
    try {
      writeState(files, confirmTrial(readState(files), clock.now()));
    } catch (error) {
      return log.error("the update cannot be confirmed", { problem: messageOf(error) });
    }
    log.info("update confirmed", { version: host.trial.version });
    if (wantsReports) report({ version: host.trial.version, state: "confirmed", code: "", detail: "", at: clock.now() });
  }

  /** The server offers a release. */
  async offered(envelope: string): Promise<void> {
    const { clock, log, report, files } = this.#needs;
    if (this.#isBusy) return;
    this.#isBusy = true;
    let version = "";
    const tell = (state: UpdateReport["state"], code = "", detail = "") =>
      report({ version, state, code, detail: detail.slice(0, 300), at: clock.now() });
    try {
      const release = await this.#accept(envelope);
      version = release.manifest.version;
      log.info("update offered", { version });
      await this.#prepare(envelope, release, () => tell("downloading"));
      tell("starting");
      log.info("update begins", { version });
      this.#needs.restart();
    } catch (error) {
      const code =
        error instanceof ManifestError || error instanceof DownloadError || error instanceof UpdateError ? error.code : "UPDATE_FAILED";
      log.warn("update failed", { version, code, problem: messageOf(error) });
      if (version) {
        try {
          writeState(files, noteFailure(readState(files), version, code, messageOf(error), clock.now()));
        } catch {
          // A full disk; the server hears of it all the same.
        }
      }
      tell(error instanceof ManifestError ? "refused" : "failed", code, messageOf(error));
      this.#isBusy = false;
    }
  }

  /** Whether this agent may take what is offered. */
  async #accept(envelope: string): Promise<SignedRelease> {
    const { version, serverTime, files } = this.#needs;
    const release = await readSigned(envelope, this.#needs);
    const { manifest } = release;
    if (manifest.channel !== releaseChannel) throw new ManifestError("MANIFEST_OTHER_CHANNEL", `It is of the channel ${manifest.channel}.`);
    if (manifest.expiresAtMs < serverTime()) throw new ManifestError("MANIFEST_EXPIRED", "It has expired.");
    const { newest = version } = readState(files);
    if (compareVersions(manifest.version, version) <= 0 || compareVersions(manifest.version, newest) < 0)
      throw new ManifestError("MANIFEST_OLDER", `${manifest.version} is not newer than ${newest}.`);
    return release;
  }

  async #prepare(envelope: string, { manifest, statements }: SignedRelease, downloading: () => void): Promise<void> {
    const { host, runtime, system, freeBytes, fetchFile } = this.#needs;
    if (host.trial && !this.#isWelcome) throw new UpdateError("UPDATE_UNDER_WAY", "Another update has not been confirmed yet.");
    const isBundle = canLoad(manifest, { loader: host.loader, runtime });
    const file = isBundle ? applicationFor(manifest, system) : this.#executableFor(manifest);
    if ((await freeBytes()) < 2 * file.sizeBytes + spareBytes)
      throw new UpdateError("DISK_FULL", "There is too little room for the update.");
    downloading();
    const name = await fetchFile(file);
    const { version, confirmSeconds } = manifest;
    const trial = { version, confirmSeconds, ...(statements.length > 0 ? { keys: statements } : {}) };
    if (isBundle) await this.#prepareBundle(envelope, trial, name);
    else await this.#prepareExecutable(trial, name);
  }

  #executableFor(manifest: ReleaseManifest): ReleaseFile {
    const { target } = this.#needs.host;
    const file = manifest.files.find((each) => each.kind === "executable" && each.target === target);
    if (!file) throw new ManifestError("MANIFEST_OTHER_SYSTEM", `Release ${manifest.version} has no executable for ${target}.`);
    return file;
  }

  async #prepareBundle(envelope: string, trial: NextTrial, name: string): Promise<void> {
    const { files, host, askVersion } = this.#needs;
    const state = readState(files);
    const slot = freeSlot(state);
    files.remove(moduleFolder(slot));
    files.replace(envelopeName(slot), envelope);
    files.move(name, bundleName(slot));
    await checkSlot({ ...this.#needs, loader: host.loader }, slot);
    await this.#mustSay(trial.version, () => askVersion(process.execPath, slot));
    writeState(files, beginTrial(readState(files), { ...trial, slot }));
  }

  async #prepareExecutable(trial: NextTrial, name: string): Promise<void> {
    const { files, askVersion, stageExecutable, keepPrevious, replaceExecutable } = this.#needs;
    const staged = stageExecutable(name);
    files.remove(name);
    await this.#mustSay(trial.version, () => askVersion(staged, undefined));
    // First it is written what is tried: an executable that is another one then says so at its start.
    writeState(files, beginTrial(readState(files), { ...trial, slot: "executable", ...keepPrevious() }));
    await replaceExecutable();
  }

  /** It is started once as a program of its own before it takes the place of this one. */
  async #mustSay(version: string, ask: () => Promise<string>): Promise<void> {
    const said = await ask().catch((error: unknown) => {
      throw new UpdateError("DOES_NOT_START", messageOf(error));
    });
    if (said !== version) throw new UpdateError("DOES_NOT_START", `It says that it is ${said.slice(0, 100)}.`);
  }

  /** Nobody has welcomed the new one in time. */
  async #giveUp(): Promise<void> {
    const { host, files, clock, log, restoreExecutable, restart } = this.#needs;
    const detail = `Its server did not welcome it within ${host.trial!.confirmSeconds} seconds.`;
    try {
      const taken = await takeBack(readState(files), restoreExecutable, { code: "NO_LINK", detail, atMs: clock.now() });
      if (taken) writeState(files, taken.state);
      log.error("update rolled back", { version: host.trial!.version, problem: taken?.detail ?? detail });
    } catch (error) {
      log.error("the roll-back cannot be written; the next start does it", { problem: messageOf(error) });
    }
    restart();
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
