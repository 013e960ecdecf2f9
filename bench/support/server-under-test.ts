/**
 * A whole Hauswart server in processes of its own, with its embedded PostgreSQL and TLS, so that what it costs can be told apart
 * from what the driver costs. Durable settings are the product's own: fsync, synchronous_commit and full_page_writes stay on.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerReport } from "@hauswart/server/server-report.ts";
import { writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { cpuSecondsOfTree, processTree } from "./process-usage.ts";

const mainFile = fileURLToPath(new URL("../../packages/server/src/main.ts", import.meta.url));
const owner = { email: "owner@example.com", password: "bench-password-of-the-owner" };

export interface ServerUnderTest {
  readonly url: string;
  /** PEM of the certificate that the server shows. */
  readonly certificate: string;
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
  /** Starts the server again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @param environment more settings, such as HAUSWART_SMTP_URL. */
export async function startServerUnderTest(environment: Readonly<Record<string, string>> = {}): Promise<ServerUnderTest> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "hauswart-bench-"));
  // The embedded PostgreSQL runs as another user when this runs as root.
  chmodSync(dataDirectory, 0o755);
  const { certificatePath, keyPath } = await writeTestCertificate(dataDirectory);
  let port = "0";
  let child: ChildProcess;
  let url = "";
  let postgresId: number | undefined;
  let socketDirectory = "";

  const start = async () => {
    child = spawn(process.execPath, [mainFile], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        ...process.env,
        HAUSWART_DATA: dataDirectory,
        HAUSWART_PORT: port,
        HAUSWART_TLS_CERT: certificatePath,
        HAUSWART_TLS_KEY: keyPath,
        HAUSWART_ADMIN_EMAIL: owner.email,
        HAUSWART_ADMIN_PASSWORD: owner.password,
        HAUSWART_LOG_LEVEL: "warn",
        ...environment,
      },
    });
    url = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`The server ended with code ${code} before it was ready.`)));
      child.on("message", (message) => {
        const report = message as ServerReport;
        postgresId = report.postgresProcessId;
        socketDirectory = report.postgresSocketDirectory ?? "";
        resolve(report.url);
      });
    });
    port = new URL(url).port;
  };
  await start();

  const gone = () => new Promise<void>((resolve) => (child.exitCode === null && child.signalCode === null ? child.once("exit", () => resolve()) : resolve()));

  return {
    get url() {
      return url;
    },
    get processId() {
      return child.pid!;
    },
    get socketDirectory() {
      return socketDirectory;
    },
    certificate: readFileSync(certificatePath, "utf8"),
    owner,
    dataDirectory,
    cpuSeconds() {
      // An adopted PostgreSQL is no child of the server any more; count it in any case, and once.
      const isElsewhere = postgresId !== undefined && !processTree(child.pid!).includes(postgresId);
      return cpuSecondsOfTree(child.pid!) + (isElsewhere ? cpuSecondsOfTree(postgresId!) : 0);
    },
    async kill() {
      child.kill("SIGKILL");
      await gone();
    },
    restart: start,
    async stop() {
      child.kill("SIGTERM");
      await gone();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
