/**
 * PostgreSQL as a part of the server: made at the first start, watched, started again when it dies, and stopped with the
 * server. A server that was killed leaves it running; the next one takes it over.
 *
 *   absent ──▶ running ──▶ stopped
 *                │  ▲
 *           dies ▼  │ every few seconds until it works
 *             restarting
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../operation/log.ts";
import type { Account } from "./account.ts";
import { chooseAccount } from "./account.ts";
import { configureCluster, ensureCluster } from "./cluster.ts";
import { postgresSettings } from "./configuration.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { chooseHome, chooseSocketDirectory } from "./places.ts";
import type { Postmaster } from "./postmaster.ts";
import { findPostmaster, isNewerThan, programOfRunning, startMessages, startPostmaster } from "./postmaster.ts";
import type { Program } from "./program.ts";
import { provideProgram } from "./program.ts";
import { waitUntilReady } from "./ready.ts";
import { SupervisorLock } from "./supervisor-lock.ts";

export interface EmbeddedOptions {
  readonly dataDirectory: string;
  readonly log: Logger;
  /** System user for PostgreSQL when we are root; see `chooseAccount`. */
  readonly postgresUser?: string | undefined;
  /** Told what is being done, in words for the person who waits. */
  readonly progress?: ((step: string) => void) | undefined;
  /** Settings of PostgreSQL over those of configuration.ts. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export interface EmbeddedPostgres {
  /** Folder of the socket; connect as user `postgres` without a password. */
  readonly socketDirectory: string;
  /** Whether the cluster was made by this start. */
  readonly isNew: boolean;
  /** Whether a running PostgreSQL of an earlier server was taken over. */
  readonly wasAdopted: boolean;
  /** Process id of the postmaster; undefined while it is being started again. */
  pid(): number | undefined;
  /** How often it had to be started again. */
  restarts(): number;
  /** Ends it in order; settled when it is gone. */
  stop(): Promise<void>;
}

/** Messages of troubles that pass: after kill -9 the old processes need a moment to let go of the memory. */
const passing = /pre-existing shared memory block|lock file .* already exists|could not bind/i;

/** Why it gave up. */
const final = /FATAL|PANIC/;

/** How long a start is tried again for a passing trouble. */
const startPatienceMs = 30_000;

/** How long a postmaster that was found running may take to answer (it may just be recovering) before it is ended. */
const foundPatienceMs = 15_000;

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Brings up the embedded PostgreSQL and keeps it up.
 * @throws EmbeddedPostgresError saying what to do, when it cannot run here or another server uses the data
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const progress = options.progress ?? (() => undefined);
  const account = chooseAccount(options.postgresUser);
  const { home, isElsewhere } = chooseHome(options.dataDirectory, account);
  if (isElsewhere) progress(`The database lies in ${home}, because the system user ${account.name} cannot enter ${options.dataDirectory}`);
  const program = provideProgram(home, account);
  const supervisor = new Supervisor(
    { clusterDirectory: join(home, "postgresql"), socketDirectory: chooseSocketDirectory(home, account), program, account },
    options.log,
  );
  await supervisor.start({ ...options.settings }, progress);
  return supervisor;
}

interface Installation {
  readonly clusterDirectory: string;
  readonly socketDirectory: string;
  readonly program: Program;
  readonly account: Account;
}

class Supervisor implements EmbeddedPostgres {
  readonly #installation: Installation;
  readonly #log: Logger;
  readonly #lock: SupervisorLock;
  #postmaster: Postmaster | undefined;
  #restarts = 0;
  #isStopping = false;
  isNew = false;
  wasAdopted = false;

  constructor(installation: Installation, log: Logger) {
    this.#installation = installation;
    this.#log = log;
    this.#lock = new SupervisorLock(installation.socketDirectory, installation.clusterDirectory);
  }

  get socketDirectory(): string {
    return this.#installation.socketDirectory;
  }

  pid(): number | undefined {
    return this.#postmaster?.pid;
  }

  restarts(): number {
    return this.#restarts;
  }

  async start(settings: Readonly<Record<string, string | number>>, progress: (step: string) => void): Promise<void> {
    const { clusterDirectory, socketDirectory, program, account } = this.#installation;
    const found = findPostmaster(clusterDirectory);
    // Before anything is touched: does another server live on it?
    if (found !== undefined && (await waitUntilReady(socketDirectory, found.gone, foundPatienceMs))) await this.#lock.take();
    progress("Preparing the database");
    this.isNew = ensureCluster(clusterDirectory, program, account);
    const hasChanged = configureCluster(clusterDirectory, account, { ...postgresSettings(socketDirectory), ...settings });
    if (found !== undefined && this.#lock.isHeld && !hasChanged && isCurrent(clusterDirectory, program)) {
      this.wasAdopted = true;
      this.#postmaster = found;
      this.#log.info("took over the PostgreSQL of an earlier run", { pid: found.pid });
    } else {
      if (found !== undefined) {
        progress("Ending the PostgreSQL of an earlier run");
        await this.#lock.release();
        await found.stop();
      }
      progress("Starting PostgreSQL");
      const started = await startPatiently(this.#installation);
      this.#postmaster = started;
      await this.#lock.take().catch((error: unknown) => started.stop().then(() => Promise.reject(error)));
      this.#log.info("PostgreSQL is up", { pid: started.pid, version: program.version });
    }
    this.#watch(this.#postmaster);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#lock.release();
    await this.#postmaster?.stop();
    this.#postmaster = undefined;
  }

  #watch(postmaster: Postmaster): void {
    void postmaster.gone
      .then((how) => (this.#isStopping ? undefined : this.#startAgain(how)))
      .catch((error: unknown) => this.#log.error("PostgreSQL is not watched any more", { error }));
  }

  async #startAgain(how: string): Promise<void> {
    this.#log.error("PostgreSQL is gone; starting it again", { how });
    this.#postmaster = undefined;
    await this.#lock.release();
    for (let pauseMs = firstPauseMs; !this.#isStopping; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      await sleep(pauseMs);
      try {
        const postmaster = await startPatiently(this.#installation);
        this.#postmaster = postmaster;
        this.#restarts += 1;
        this.#watch(postmaster);
        if (this.#isStopping) return await postmaster.stop();
        await this.#lock.take();
        this.#log.info("PostgreSQL is back", { pid: postmaster.pid });
        return;
      } catch (error) {
        this.#log.error("PostgreSQL cannot be started; trying again", { error });
        if (this.#postmaster !== undefined) return;
      }
    }
  }
}

/** Whether the running postmaster comes from the programs of today. */
function isCurrent(clusterDirectory: string, program: Program): boolean {
  const path = join(program.directory, "bin", "postgres");
  return programOfRunning(clusterDirectory) === path && !isNewerThan(path, join(clusterDirectory, "postmaster.opts"));
}

/**
 * Starts it and waits until it answers, for as long as it lives: a recovery may take minutes.
 * @throws EmbeddedPostgresError with its own words, when it ends instead
 */
async function startPatiently(installation: Installation): Promise<Postmaster> {
  const { clusterDirectory, socketDirectory, program, account } = installation;
  const deadline = performance.now() + startPatienceMs;
  for (;;) {
    const postmaster = startPostmaster(clusterDirectory, program, account);
    try {
      if (await waitUntilReady(socketDirectory, postmaster.gone)) return postmaster;
    } catch (cause) {
      await postmaster.stop();
      throw new EmbeddedPostgresError("PostgreSQL runs, but refuses this server's connection", { cause });
    }
    // Its log is written by another process, which may be a moment late; no reason yet is no reason to give up.
    await sleep(firstPauseMs);
    const messages = startMessages(clusterDirectory, postmaster);
    if ((final.test(messages) && !passing.test(messages)) || performance.now() > deadline) {
      throw new EmbeddedPostgresError(`PostgreSQL did not start (${await postmaster.gone}). It said:\n${messages || "nothing"}`);
    }
  }
}
