/**
 * A whole Hauswart server in a process of its own, with its embedded PostgreSQL, to be killed, measured and started again.
 * Durable settings are the product's own: fsync, synchronous_commit and full_page_writes stay on.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serverEnvironment } from "@hauswart/server/runtime-environment.ts";
import type { ServerMessage, ServerReport } from "@hauswart/server/server-report.ts";
import { freePort } from "./ports.ts";

const mainFile = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url));
/** The owner of every such server. */
export const serverOwner = { email: "owner@example.com", password: "test-password-of-the-owner" };
/** How long an orderly end may take before it is forced. */
const endPatienceMs = 20_000;
/** How much of what the server wrote is kept for whoever asks. */
const outputLimit = 200_000;

export interface ServerProcessOptions {
  /** Such as `makeServerData` makes. `stop` removes it. */
  readonly dataDirectory: string;
  /** More settings, such as HAUSWART_SMTP_URL. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: a free one. */
  readonly port?: number;
}

/** A folder for a server's data in the system's place for temporary files. */
export function makeServerData(): string {
  const directory = mkdtempSync(join(tmpdir(), "hauswart-server-"));
  // The embedded PostgreSQL runs as another user when this runs as root.
  chmodSync(directory, 0o755);
  return directory;
}

/** One server on a free port of 127.0.0.1, which it keeps over restarts. Made cold: `restart` starts it. */
export class ServerProcess {
  readonly owner = serverOwner;
  readonly dataDirectory: string;
  url = "";
  /** Folder of PostgreSQL's socket. */
  socketDirectory = "";
  /** Of the embedded PostgreSQL, as the last start reported it. */
  postgresProcessId: number | undefined;
  readonly #environment: Readonly<Record<string, string>>;
  #port: number;
  #child: ChildProcess | undefined;
  #output = "";

  constructor({ dataDirectory, environment = {}, port = 0 }: ServerProcessOptions) {
    this.#port = port;
    this.dataDirectory = dataDirectory;
    this.#environment = environment;
    process.on("exit", this.#atExit);
  }

  /** Id of the server's main process; changes with a restart. */
  get processId(): number {
    return this.#child!.pid!;
  }

  /** Whether the server's main process lives. */
  get isRunning(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** The end of what the server's processes wrote. */
  get output(): string {
    return this.#output;
  }

  /** Starts the server, again on the same port and data after `kill` or `end`. @throws with its own words when it ends instead. */
  async restart(): Promise<void> {
    this.#port ||= await freePort();
    const child = spawn(process.execPath, [mainFile], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        ...process.env,
        ...serverEnvironment,
        HAUSWART_DATA: this.dataDirectory,
        HAUSWART_ADMIN_EMAIL: serverOwner.email,
        HAUSWART_ADMIN_PASSWORD: serverOwner.password,
        HAUSWART_LOG_LEVEL: "warn",
        ...this.#environment,
        HAUSWART_PORT: String(this.#port),
      },
    });
    this.#child = child;
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (part: Buffer) => (this.#output = (this.#output + part.toString()).slice(-outputLimit)));
    const report = await new Promise<ServerReport>((resolve, reject) => {
      child.once("exit", (code) =>
        reject(new Error(`The server ended with code ${code} before it was ready. It wrote:\n${this.#output.slice(-4_000)}`)),
      );
      child.on("message", (message: ServerMessage) => message.type === "ready" && resolve(message));
    });
    this.url = report.url;
    this.postgresProcessId = report.postgresProcessId;
    this.socketDirectory = report.postgresSocketDirectory ?? "";
  }

  /** kill -9 of the server's process, PostgreSQL stays. @returns after it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#gone();
  }

  /** kill -9 of the embedded PostgreSQL, if it runs: it may just be starting again. */
  killPostgres(): void {
    this.#signalPostgres("SIGKILL");
  }

  /** Ends the server in order, and PostgreSQL with it; the data stays. */
  async end(): Promise<void> {
    const child = this.#child;
    const force = setTimeout(() => child?.kill("SIGKILL"), endPatienceMs);
    child?.kill("SIGTERM");
    await this.#gone();
    clearTimeout(force);
  }

  /** Ends everything, whatever state it is in, and removes the data. */
  async stop(): Promise<void> {
    await this.end();
    await this.#endPostgres();
    process.off("exit", this.#atExit);
    this.#removeData();
  }

  #gone(): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    return new Promise((resolve) => this.#child!.once("exit", () => resolve()));
  }

  /** A server that was killed leaves its PostgreSQL running. */
  async #endPostgres(): Promise<void> {
    const deadline = Date.now() + endPatienceMs;
    for (const signal of ["SIGINT", "SIGQUIT"] as const) {
      if (!this.#signalPostgres(signal)) return;
      while (this.#signalPostgres(0) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Process id of the embedded PostgreSQL as its own file says: it may have been started again since the report. */
  currentPostgresId(): number | undefined {
    const home = textOf(join(this.dataDirectory, "postgresql-is-in"))?.trim() ?? this.dataDirectory;
    // Empty while PostgreSQL is just writing it.
    return Number(textOf(join(home, "postgresql", "postmaster.pid"))?.split("\n")[0]) || this.postgresProcessId;
  }

  /** @returns false when it is not there any more. */
  #signalPostgres(signal: NodeJS.Signals | 0): boolean {
    const id = this.currentPostgresId();
    // Its id may have gone to another program meanwhile.
    if (!id || !textOf(`/proc/${id}/cmdline`)?.includes("postgres")) return false;
    try {
      return process.kill(id, signal);
    } catch {
      return false;
    }
  }

  #removeData(): void {
    const home = textOf(join(this.dataDirectory, "postgresql-is-in"));
    if (home !== undefined) rmSync(home.trim(), { recursive: true, force: true });
    rmSync(this.dataDirectory, { recursive: true, force: true });
    if (this.socketDirectory !== "") rmSync(this.socketDirectory, { recursive: true, force: true });
  }

  readonly #atExit = () => {
    this.#child?.kill("SIGKILL");
    this.#signalPostgres("SIGQUIT");
    this.#removeData();
  };
}

/** Undefined when it is not there, or goes in this moment. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
