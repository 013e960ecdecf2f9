/** Windows' native calls, put together. What may block goes through slow-calls.ts. */
import { OsError } from "../os.ts";
import type { WindowsCalls, WindowsVolume } from "./calls.ts";
import { listProcesses, memoryState, powerState, processorTimes, uptimeMs } from "./computer.windows.ts";
import { registry } from "./registry.windows.ts";
import { forgetServiceSettings, listServices, serviceStateMark } from "./services.windows.ts";
import { slowly } from "./slow-calls.ts";

/** A drive of another computer that does not answer is there all the same. */
async function remoteVolume(path: string): Promise<WindowsVolume> {
  try {
    return await slowly("remoteVolume", path);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    const nothing = { label: "", fileSystem: "", isReadOnly: false, totalBytes: 0, freeBytes: 0, availableBytes: 0 };
    return { id: path, paths: [path], kind: "network", ...nothing };
  }
}

export const windowsCalls: WindowsCalls = {
  registry,
  services: {
    list: async () => listServices(),
    start: async (name) => {
      await slowly("startService", name);
      forgetServiceSettings();
    },
    stop: (name) => slowly("stopService", name),
    stateMark: async () => serviceStateMark(),
  },
  events: {
    read: (channel, query, after, limit, withMessage = false) => slowly("readEvents", channel, query, after, limit, withMessage),
    newest: (channel, query = "*") => slowly("newestEvent", channel, query),
    channels: () => slowly("eventChannels"),
  },
  devices: { control: (path, code, input, outputBytes) => slowly("controlDevice", path, code, input, outputBytes) },
  bootedAtMs: async () => Math.round((Date.now() - uptimeMs()) / 1_000) * 1_000,
  volumes: async () => {
    const local = await slowly("localVolumes");
    const known = new Set(local.flatMap(({ paths }) => paths));
    const { remoteDrives } = await import("./volumes.windows.ts");
    const remote = remoteDrives().filter((path) => !known.has(path));
    return [...local, ...(await Promise.all(remote.map(remoteVolume)))];
  },
  processorTimes: async () => processorTimes(),
  memory: async () => memoryState(),
  processes: async () => listProcesses(),
  sessions: async () => (await import("./sessions.windows.ts")).listSessions(),
  power: async () => powerState(),
  accountSid: (name) => slowly("accountSid", name),
  wmi: (namespace, query) => slowly("wmi", namespace, query),
  searchUpdates: (criteria) => slowly("searchUpdates", criteria),
};
