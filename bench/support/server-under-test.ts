/**
 * A whole Hauswart server in processes of its own, with its embedded PostgreSQL and TLS, so that what it costs can be told apart
 * from what the driver costs.
 */
import { readFileSync } from "node:fs";
import { writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { cpuSecondsOfTree, processTree } from "./process-usage.ts";

export interface ServerOptions {
  /** More settings, such as HAUSWART_SMTP_URL. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Data that was prepared before; a new folder when left out. Removed at the end like any other. */
  readonly dataDirectory?: string;
}

/** A folder for a server's data in the system's place for temporary files. */
export const makeDataDirectory = makeServerData;

/** Starts a server on a free port of 127.0.0.1. What it leaves when this process ends early is cleaned up at its exit. */
export async function startServerUnderTest(options: ServerOptions = {}): Promise<ServerUnderTest> {
  const dataDirectory = options.dataDirectory ?? makeDataDirectory();
  const paths = await writeTestCertificate(dataDirectory);
  const environment = { HAUSWART_TLS_CERT: paths.certificatePath, HAUSWART_TLS_KEY: paths.keyPath, ...options.environment };
  const server = new ServerUnderTest(dataDirectory, environment, paths.certificatePath);
  try {
    await server.restart();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

export class ServerUnderTest extends ServerProcess {
  /** PEM of the certificate that the server shows. */
  readonly certificate: string;
  readonly certificatePath: string;

  constructor(dataDirectory: string, environment: Readonly<Record<string, string>>, certificatePath: string) {
    super({ dataDirectory, environment });
    this.certificatePath = certificatePath;
    this.certificate = readFileSync(certificatePath, "utf8");
  }

  /** CPU seconds of server and PostgreSQL so far. */
  cpuSeconds(): number {
    const postgresId = this.postgresProcessId;
    // An adopted PostgreSQL is no child of the server any more; count it in any case, and once.
    const isElsewhere = postgresId !== undefined && !processTree(this.processId).includes(postgresId);
    return cpuSecondsOfTree(this.processId) + (isElsewhere ? cpuSecondsOfTree(postgresId) : 0);
  }
}
