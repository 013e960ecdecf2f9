/** Finds the PostgreSQL of the tests, or has it started. See database-keeper.ts. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const spawnAgainMs = 2_000;

let found: Promise<string> | undefined;

/** Folder of the socket of the tests' PostgreSQL. The same for all callers in this process, which it keeps alive until the process ends. */
export function databaseServer(): Promise<string> {
  return (found ??= find());
}

async function find(): Promise<string> {
  const folder = keeperFolder();
  const log = join(folder, "keeper.log");
  let spawnedAt = Number.NEGATIVE_INFINITY;
  return until(
    () => `PostgreSQL for the tests:\n${existsSync(log) ? readFileSync(log, "utf8").slice(-4_000) : ""}`,
    async () => {
      const socketDirectory = await visit(join(folder, "keeper.socket"));
      if (socketDirectory === undefined && performance.now() - spawnedAt > spawnAgainMs) {
        spawnKeeper(folder);
        spawnedAt = performance.now();
      }
      return socketDirectory;
    },
  );
}

/** One per checkout and user, because both decide which PostgreSQL runs and which files it can read. */
function keeperFolder(): string {
  const checkout = createHash("sha256")
    .update(import.meta.dir)
    .digest("hex")
    .slice(0, 8);
  const folder = join(tmpdir(), `hauswart-test-${process.getuid?.() ?? "user"}-${checkout}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const { uid } = lstatSync(folder);
  if (uid !== process.getuid?.() || !lstatSync(folder).isDirectory()) throw new Error(`${folder} belongs to somebody else; delete it`);
  return folder;
}

function spawnKeeper(folder: string): void {
  const log = openSync(join(folder, "keeper.log"), "a", 0o600);
  const script = fileURLToPath(new URL("database-keeper.ts", import.meta.url));
  spawn(process.execPath, [script, folder], { detached: true, stdio: ["ignore", log, log], cwd: "/" }).unref();
  closeSync(log);
}

/** Goes to the keeper and stays. @returns what it says, or undefined when nobody is there or it is about to leave. */
function visit(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const connection = connect(socketPath);
    let heard = "";
    connection.setEncoding("utf8");
    connection.on("data", (text: string) => {
      heard += text;
      if (!heard.endsWith("\n")) return;
      connection.unref();
      resolve(heard.trim());
    });
    connection.once("error", () => resolve(undefined));
    connection.once("close", () => resolve(undefined));
  });
}
