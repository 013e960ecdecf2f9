/** `npm run backup` and `npm run restore`, as a person types them, without npm in between. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Command {
  readonly child: ChildProcess;
  /** Code and everything that was written. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string; readonly result: string }>;
}

/** @param dataDirectory of the server that is backed up */
export function runBackupCommand(
  dataDirectory: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Command {
  return run("backup", words, { HAUSWART_DATA: dataDirectory, ...environment });
}

export function runRestoreCommand(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Command {
  return run("restore", words, environment);
}

function run(command: string, words: readonly string[], environment: Readonly<Record<string, string>>): Command {
  const file = fileURLToPath(new URL(`../../../tools/${command}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...words], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  let output = "";
  let result = "";
  child.stdout.on("data", (part: Buffer) => {
    output += part.toString();
    result += part.toString();
  });
  child.stderr.on("data", (part: Buffer) => (output += part.toString()));
  const ended = new Promise<{ code: number | null; output: string; result: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, output, result: result.trim() })),
  );
  return { child, ended };
}
