/** systemd's units that fit a pattern, loaded or only installed (org.freedesktop.systemd1(5)). */
import type { Os } from "@hauswart/agent/os/os.ts";

export interface Unit {
  readonly name: string;
  /** active, inactive, failed, activating …; empty when the unit is not loaded. */
  readonly activeState: string;
  /** Whether it starts with the system. */
  readonly isEnabled: boolean;
}

export interface Units {
  fitting(pattern: RegExp): readonly Unit[];
}

const systemd = "org.freedesktop.systemd1";
const manager = "/org/freedesktop/systemd1";
const enabled = new Set(["enabled", "enabled-runtime", "linked", "static", "generated", "alias"]);
const starting = new Set(["activating", "reloading"]);

export const isRunning = ({ activeState }: Unit): boolean => activeState === "active";
export const isStarting = ({ activeState }: Unit): boolean => starting.has(activeState);

/** @param patterns as systemctl takes them, without the kind: clamav-*. Throws OsError. */
export async function readUnits(os: Os, patterns: readonly string[]): Promise<Units> {
  const bus = await os.systemBus();
  const wanted = patterns.flatMap((pattern) => ["service", "socket", "timer"].map((kind) => `${pattern}.${kind}`));
  const ask = async (member: string) => {
    const [rows] = await bus.call(systemd, manager, `${systemd}.Manager`, member, "asas", [[], wanted]);
    return rows as unknown[][];
  };
  const [loaded, files] = await Promise.all([ask("ListUnitsByPatterns"), ask("ListUnitFilesByPatterns")]);
  const units = new Map<string, Unit>();
  for (const [path, fileState] of files) {
    const name = String(path).slice(String(path).lastIndexOf("/") + 1);
    // A template is no service; its instances are loaded, or named by their links.
    if (!name.includes("@.")) units.set(name, { name, activeState: "", isEnabled: enabled.has(String(fileState)) });
  }
  for (const [name, , loadState, activeState] of loaded) {
    if (loadState === "not-found") continue;
    const isEnabled = units.get(String(name))?.isEnabled ?? true;
    units.set(String(name), { name: String(name), activeState: String(activeState), isEnabled });
  }
  return { fitting: (pattern) => [...units.values()].filter(({ name }) => pattern.test(name)) };
}
