/** Restarts one service by systemd, and waits for what comes of it. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { RestartResult } from "./service-manager.ts";
import { serviceInterface, Systemd, unitInterface, unitPath } from "./systemd.linux.ts";
import { problemOf } from "./unit-state.ts";

/** A service may take this long to run before the attempt counts as failed. */
const waitMs = 20_000;
const askEveryMs = 250;
/** It has to be running this long after it was seen running: many die of a wrong configuration right after their start. */
const settleMs = 1_500;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function startService(os: Os, name: string): Promise<RestartResult> {
  try {
    const systemd = new Systemd(await os.systemBus());
    // A service that failed too often is not started again before that is forgotten.
    await systemd.manager("ResetFailedUnit", "s", [name]);
    await systemd.manager("RestartUnit", "ss", [name, "replace"]);
    return await outcome(systemd, unitPath(name));
  } catch (error) {
    if (error instanceof OsError) return { succeeded: false, detail: `${error.code}: ${error.message}` };
    throw error;
  }
}

async function outcome(systemd: Systemd, path: string): Promise<RestartResult> {
  const state = () => systemd.text(path, unitInterface, "ActiveState");
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    await pause(askEveryMs);
    const now = await state();
    if (now === "failed") return { succeeded: false, detail: await whyFailed(systemd, path) };
    if (now !== "active") continue;
    await pause(settleMs);
    return (await state()) === "active"
      ? { succeeded: true, detail: "" }
      : { succeeded: false, detail: (await whyFailed(systemd, path)) || "It ran, and ended at once." };
  }
  return { succeeded: false, detail: `It did not run within ${waitMs / 1_000} s (${await state()}).` };
}

async function whyFailed(systemd: Systemd, path: string): Promise<string> {
  const [result, mainStatus] = await Promise.all([
    systemd.text(path, serviceInterface, "Result"),
    systemd.number(path, serviceInterface, "ExecMainStatus"),
  ]);
  return problemOf({ result, mainStatus });
}
