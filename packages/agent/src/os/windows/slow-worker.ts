/**
 * Both ends of the thread for calls that block: opens it, and, within it, carries out what it is asked. The thread's program is this very
 * file, wherever the build has put it.
 */
import { OsError } from "../os.ts";
import type { WindowsEvent, WindowsUpdateSearch, WindowsVolume, WmiValue } from "./calls.ts";

/** What can be asked. Each is loaded when first used. */
const operations = {
  startService: async (name: string): Promise<void> => (await import("./services.windows.ts")).startService(name),
  stopService: async (name: string): Promise<void> => (await import("./services.windows.ts")).stopService(name),
  localVolumes: async (): Promise<readonly WindowsVolume[]> => (await import("./volumes.windows.ts")).localVolumes(),
  remoteVolume: async (path: string): Promise<WindowsVolume> => (await import("./volumes.windows.ts")).remoteVolume(path),
  readEvents: async (
    channel: string,
    query: string,
    after: bigint | undefined,
    limit: number,
    withMessage: boolean,
  ): Promise<readonly WindowsEvent[]> => (await import("./events.windows.ts")).readEvents(channel, query, after, limit, withMessage),
  newestEvent: async (channel: string, query: string): Promise<WindowsEvent | undefined> =>
    (await import("./events.windows.ts")).newestEvent(channel, query),
  eventChannels: async (): Promise<readonly string[]> => (await import("./events.windows.ts")).eventChannels(),
  accountSid: async (name: string): Promise<string | undefined> => (await import("./accounts.windows.ts")).accountSid(name),
  controlDevice: async (path: string, code: number, input: Uint8Array, outputBytes: number): Promise<Uint8Array> =>
    (await import("./devices.windows.ts")).controlDevice(path, code, input, outputBytes),
  resolves: async (address: string): Promise<boolean | null> => (await import("./neighbours.windows.ts")).resolves(address),
  wmi: async (namespace: string, query: string): Promise<readonly Readonly<Record<string, WmiValue>>[]> =>
    (await import("./wmi.windows.ts")).queryWmi(namespace, query),
  searchUpdates: async (criteria: string): Promise<WindowsUpdateSearch> => (await import("./updates.windows.ts")).searchUpdates(criteria),
};

export type SlowOperations = typeof operations;

export interface SlowRequest {
  readonly id: number;
  readonly operation: keyof SlowOperations;
  readonly values: readonly unknown[];
}

export interface SlowAnswer {
  /** Of the request; 0 says that the thread takes requests. */
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly code: OsError["code"]; readonly detail: string };
}

export const openSlowWorker = (): Worker => new Worker(import.meta.url, { smol: true });

async function answer({ id, operation, values }: SlowRequest): Promise<SlowAnswer> {
  try {
    const run = operations[operation] as (...given: readonly unknown[]) => Promise<unknown>;
    return { id, value: await run(...values) };
  } catch (error) {
    if (error instanceof OsError) return { id, error: { code: error.code, detail: error.message } };
    return { id, error: { code: "COLLECT_UNREADABLE", detail: error instanceof Error ? error.message : String(error) } };
  }
}

if (!Bun.isMainThread) {
  const thread = globalThis as unknown as {
    onmessage: (event: MessageEvent<SlowRequest>) => Promise<void>;
    postMessage(answer: SlowAnswer): void;
  };
  thread.onmessage = async ({ data }) => thread.postMessage(await answer(data));
  thread.postMessage({ id: 0 });
}
