/**
 * A whole Hauswart server in processes of its own, with its embedded PostgreSQL and TLS, so that what it costs can be told apart
 * from what the driver costs. Durable settings are the product's own: fsync, synchronous_commit and full_page_writes stay on.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerMessage, ServerReport } from "@hauswart/server/server-report.ts";
import { writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { cpuSecondsOfTree, processTree } from "./process-usage.ts";

const mainFile = fileURLToPath(new URL("../../packages/server/src/main.ts", import.meta.url));
/** The owner of every benchmark's server. */
export const owner = { email: "owner@example.com", password: "bench-password-of-the-owner" };
/** How long an orderly end may take before it is forced. */
const endPatienceMs = 20_000;

export interface ServerUnderTest {
  readonly url: string;
  /** PEM of the certificate that the server shows. */
  readonly certificate: string;
  readonly certificatePath: string;
  readonly owner: typeof owner;
  readonly dataDirectory: string;
  /** Id of the server's main process; changes with a restart. */
  readonly processId: number;
  /** Folder of PostgreSQL's socket, to count what is stored. */
  readonly socketDirectory: string;
  /** CPU seconds of server and PostgreSQL so far. */
  cpuSeconds(): number;
  /** kill -9 of the server's process, PostgreSQL stays. @returns after it is gone. */
  kill(): Promise<void>;
  /** Ends the server in order, and PostgreSQL with it; the data stays. */
  end(): Promise<void>;
  /** Starts the server again on the same port and data, after `kill` or `end`. */
  restart(): Promise<void>;
  /** Ends everything, whatever state it is in, and removes the data. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** More settings, such as HAUSWART_SMTP_URL. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Data that was prepared before; a new folder when left out. Removed at the end like any other. */
  readonly dataDirectory?: string;
}

/** A folder for a server's data in the system's place for temporary files. */
export function makeDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "hauswart-bench-"));
  // The embedded PostgreSQL runs as another user when this runs as root.
  chmodSync(directory, 0o755);
  return directory;
}

/** Starts a server on a free port of 127.0.0.1. What it leaves when this process ends early is cleaned up at its exit. */
export async function startServerUnderTest(options: ServerOptions = {}): Promise<ServerUnderTest> {
  const dataDirectory = options.dataDirectory ?? makeDataDirectory();
  const paths = await writeTestCertificate(dataDirectory);
  const server = new ServerProcess(dataDirectory, {
    HAUSWART_DATA: dataDirectory,
    HAUSWART_TLS_CERT: paths.certificatePath,
    HAUSWART_TLS_KEY: paths.keyPath,
    HAUSWART_ADMIN_EMAIL: owner.email,
    HAUSWART_ADMIN_PASSWORD: owner.password,
    HAUSWART_LOG_LEVEL: "warn",
    ...options.environment,
  });
  try {
    await server.restart();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class ServerProcess implements ServerUnderTest {
  readonly owner = owner;
  readonly dataDirectory: string;
  readonly certificate: string;
  readonly certificatePath: string;
  url = "";
  socketDirectory = "";
  readonly #environment: Readonly<Record<string, string>>;
  #port = "0";
  #child: ChildProcess | undefined;
  #postgresId: number | undefined;

  constructor(dataDirectory: string, environment: Readonly<Record<string, string>>) {
    this.dataDirectory = dataDirectory;
    this.certificatePath = environment["HAUSWART_TLS_CERT"]!;
    this.certificate = readFileSync(this.certificatePath, "utf8");
    this.#environment = environment;
    process.on("exit", this.#atExit);
  }

  get processId(): number {
    return this.#child!.pid!;
  }

  async restart(): Promise<void> {
    const child = spawn(process.execPath, [mainFile], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, ...this.#environment, HAUSWART_PORT: this.#port },
    });
    this.#child = child;
    const report = await new Promise<ServerReport>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`The server ended with code ${code} before it was ready.`)));
      child.on("message", (message: ServerMessage) => message.type === "ready" && resolve(message));
    });
    this.url = report.url;
    this.#port = new URL(report.url).port;
    this.#postgresId = report.postgresProcessId;
    this.socketDirectory = report.postgresSocketDirectory ?? "";
  }

  cpuSeconds(): number {
    const postgresId = this.#postgresId;
    // An adopted PostgreSQL is no child of the server any more; count it in any case, and once.
    const isElsewhere = postgresId !== undefined && !processTree(this.processId).includes(postgresId);
    return cpuSecondsOfTree(this.processId) + (isElsewhere ? cpuSecondsOfTree(postgresId) : 0);
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#gone();
  }

  async end(): Promise<void> {
    const child = this.#child;
    const force = setTimeout(() => child?.kill("SIGKILL"), endPatienceMs);
    child?.kill("SIGTERM");
    await this.#gone();
    clearTimeout(force);
  }

  async stop(): Promise<void> {
    await this.end();
    await this.#endPostgres();
    process.off("exit", this.#atExit);
    this.#removeData();
  }

  #gone(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => child.once("exit", () => resolve()));
  }

  /** A server that was killed leaves its PostgreSQL running. */
  async #endPostgres(): Promise<void> {
    const deadline = Date.now() + endPatienceMs;
    for (const signal of ["SIGINT", "SIGQUIT"] as const) {
      if (!this.#signalPostgres(signal)) return;
      while (this.#signalPostgres(0) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** @returns false when it is not there any more. */
  #signalPostgres(signal: NodeJS.Signals | 0): boolean {
    const id = this.#postgresId;
    // Its id may have gone to another program meanwhile.
    if (id === undefined || !existsSync(`/proc/${id}`) || !readFileSync(`/proc/${id}/cmdline`, "utf8").includes("postgres")) return false;
    try {
      return process.kill(id, signal);
    } catch {
      return false;
    }
  }

  #removeData(): void {
    const pointer = join(this.dataDirectory, "postgresql-is-in");
    if (existsSync(pointer)) rmSync(readFileSync(pointer, "utf8").trim(), { recursive: true, force: true });
    rmSync(this.dataDirectory, { recursive: true, force: true });
    if (this.socketDirectory !== "") rmSync(this.socketDirectory, { recursive: true, force: true });
  }

  readonly #atExit = () => {
    this.#child?.kill("SIGKILL");
    this.#signalPostgres("SIGQUIT");
    this.#removeData();
  };
}
