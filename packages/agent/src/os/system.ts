/** What the host itself asks of the computer it runs on. One implementation per system, loaded where it runs. */
import type { PerSystem, SystemName } from "@hauswart/protocol/check.ts";
import type { Computer } from "@hauswart/protocol/wire/messages.ts";
import type { LocalOffset } from "./local-offset.ts";
import type { Gateway } from "./network/gateways.ts";
import type { Os } from "./os.ts";
import type { SignedInAtSystem } from "./signed-in.ts";
import type { SystemProxy } from "./system-proxy.ts";

export interface System {
  readonly name: SystemName;
  readonly os: Os;
  /** Where the agent keeps its files when nobody said otherwise. */
  readonly defaultDataFolder: string;
  /** Tells about this computer. Reads afresh: names and versions change. */
  describe(): Promise<Omit<Computer, "agentVersion">>;
  /** Tells a process from a later one of the same number; undefined when there is no such process. */
  identifyProcess(processId: number): string | undefined;
  /** Never throws. */
  readonly localOffset: LocalOffset;
  /** Why the service manager ends the agent just now. */
  endReason(): Promise<"shutdown" | "restart" | "agent-stop">;
  /** Whether the computer, which just told its services that it ends, starts again; undefined where `endReason` says it. Never throws. */
  computerEnd?(): Promise<"shutdown" | "restart">;
  /** How long the computer has slept since its system started, milliseconds: only differences count. Undefined where that cannot be told. Never throws. */
  asleepMs?(): Promise<number | undefined>;
  /**
   * Hears that the computer is about to sleep, and that it goes on: after its sleep, or because nothing came of it.
   * Throws where the system does not say so. @param lost nothing is heard any more @returns ends it
   */
  watchPower?(hear: (event: "sleep" | "wake") => void, lost: () => void): Promise<() => void>;
  /** Who is signed in at the computer. Loaded when a server asks. */
  loadSignedIn(): Promise<SignedInAtSystem>;
  /** Where packets leave the computer's networks, the one that is used first in front. Never throws. */
  gateways(): Promise<readonly Gateway[]>;
  /** Looks for a computer of the same network by its IPv4 address; takes up to a minute. Undefined where this cannot be told. Never throws. */
  lookFor?(address: string): Promise<Sighting>;
  /** The proxy that is set for the whole computer. Never throws: what cannot be read says nothing. */
  proxy(): Promise<SystemProxy>;
  /** Loads what installs the agent as a service; undefined where that is not made yet. */
  loadService?(): Promise<ServiceInstallation>;
  /** Answers the service manager that started this process; undefined where signals say everything. Throws when none did. */
  joinServiceManager?(): Promise<ServiceSession>;
  /** Keeps everybody but the system and its administrators out of a folder; undefined where the folder's mode does that. */
  protectFolder?(path: string): Promise<void>;
}

/** What was seen of a neighbour. null: it could not be told. */
export interface Sighting {
  /** It took a connection or refused it. */
  readonly answers: boolean | null;
  /** Its address resolves to a network card. */
  readonly resolves: boolean | null;
}

/** The agent as a service of its computer. Both say in a sentence what was done. */
export interface ServiceInstallation {
  install(): Promise<string>;
  /** @param fromWithin the service itself does it: it is not ended, and does not come back when it ends */
  uninstall(fromWithin: boolean): Promise<string>;
  /** Ends the service and waits until its program is free; undefined where the system's packages do that. */
  stop?(): Promise<void>;
  /** Called before a new executable takes its place: should it not even start, the service manager puts the one of before back. Undefined where it does so anyway. */
  beforeReplacement?(previous: string, updateFolder: string): Promise<void>;
  /**
   * Has the service start from another file of the program from its next start on; on the disk when this resolves. Undefined where the file of
   * a program that runs can be replaced at one stroke.
   */
  runFrom?(executable: string): Promise<void>;
  /** Called when the service runs: sets what the system's installers cannot set. */
  settle?(): Promise<void>;
}

/** The service manager that started this process and wants to be told. */
export interface ServiceSession {
  /** Resolves when the manager ends the service, with the reason. */
  readonly asked: Promise<"shutdown" | "agent-stop">;
  /** See `System.watchPower`; left out by a manager that says nothing of it. */
  readonly watchPower?: System["watchPower"];
  /** Says that the service has ended; resolves when the manager has heard it. @param exitCode other than 0 is a failure, and it is started again */
  ended(exitCode: number): Promise<void>;
}

const systems: PerSystem<() => Promise<System>> = {
  linux: async () => (await import("./linux/system.linux.ts")).linuxSystem(),
  darwin: async () => (await import("./macos/system.macos.ts")).macosSystem(),
  win32: async () => (await import("./windows/system.windows.ts")).windowsSystem(),
};

/** The system that this process runs on. Throws on others than those named in `SystemName`. */
export async function thisSystem(): Promise<System> {
  const load = systems[process.platform as SystemName];
  if (!load) throw new Error(`There is no agent for ${process.platform}.`);
  return load();
}
