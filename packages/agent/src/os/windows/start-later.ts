/** For the loader: the service manager of Windows starts no service again that says it has ended well, nor one that ends before it has begun. */
import { serviceName } from "./service-structures.ts";

/** `ping` waits, because `timeout` wants a console: this process ends meanwhile, and a restart by the service manager goes before. */
const commandOf = (name: string) => `ping -n 8 127.0.0.1 >nul & sc start ${name}`;

/** Has the service started once this process is gone; nothing happens where this process is no service of Windows. Can be called while it ends. */
export function haveServiceStarted(argumentList: readonly string[]): void {
  if (!argumentList.includes("--service")) return;
  const shell = `${process.env["SystemRoot"] ?? "C:\\Windows"}\\System32\\cmd.exe`;
  // Detached: a child of this runtime otherwise ends with it.
  const ignored = { stdin: "ignore", stdout: "ignore", stderr: "ignore" } as const;
  Bun.spawn([shell, "/d", "/c", commandOf(serviceName)], { ...ignored, detached: true, windowsHide: true }).unref();
}
