/** `npm start`, as a person types it, on data of its own. */
import { freePort } from "@hauswart/testkit/ports.ts";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface WholeHauswart {
  readonly url: string;
  readonly dataDirectory: string;
  /** What was printed so far. */
  output(): string;
  /** Ctrl+C, and waits until everything has ended. */
  stop(): Promise<void>;
}

/** `npm start -- --network`, reached by the computers of that network alone. @param address of this computer in it */
export async function startInNetwork(address: string, environment: Readonly<Record<string, string>>): Promise<WholeHauswart> {
  const port = await freePort();
  return startWholeHauswart(
    { HAUSWART_URL: `https://${address}:${port}`, HAUSWART_LISTEN: address, HAUSWART_PORT: String(port), ...environment },
    ["--network"],
  );
}

/** @param environment settings of the server. Resolves when the address is printed. */
export async function startWholeHauswart(
  environment: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): Promise<WholeHauswart> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "hauswart-start-"));
  chmodSync(dataDirectory, 0o755);
  const port = await freePort();
  const child = spawn("node", [join(root, "tools/run.mjs"), "start", ...words], {
    env: { ...process.env, HAUSWART_DATA: dataDirectory, HAUSWART_PORT: String(port), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Hauswart is ready:\s+(\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void ended.then(() => reject(new Error(`npm start ended before it was ready:\n${output}`)));
  });
  return {
    url,
    dataDirectory,
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
