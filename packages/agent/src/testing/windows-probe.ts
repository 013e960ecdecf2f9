/** A program for Windows that makes native calls, one after the other, and prints what each answered: a line of JSON per call. */
import { OsError } from "../os/os.ts";
import { windowsSystem } from "../os/windows/system.windows.ts";
import { windowsCalls } from "../os/windows/native-calls.windows.ts";
import { ask, createObject, setUpCom, using } from "../os/windows/com.windows.ts";

const { registry, services, events, devices } = windowsCalls;
const key = "HKLM\\SOFTWARE\\Hauswart Test";

/** Services start and stop in their own time. What is so after half a minute is told. */
async function soon(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300 && !(await holds()); tries++) await Bun.sleep(100);
}

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  describe: () => windowsSystem().describe(),
  proxy: () => windowsSystem().proxy(),
  values: async () => [...((await registry.values(key)) ?? [])],
  keys: () => registry.keys(key),
  noKey: async () => [(await registry.keys(`${key}\\No`)) ?? null, (await registry.value(key, "no")) ?? null],
  services: () => services.list(),
  restart: async () => {
    const state = async () => (await services.list()).find(({ name }) => name === "Spooler")?.state;
    const before = await services.stateMark();
    await services.start("Spooler");
    await soon(async () => (await services.stateMark()) !== before);
    await soon(async () => (await state()) === "running");
    const running = await state();
    await services.stop("Spooler");
    await soon(async () => (await state()) === "stopped");
    return { running, stopped: await state() };
  },
  noService: () => services.start("NoSuchService"),
  volumes: () => windowsCalls.volumes(),
  processorTimes: () => windowsCalls.processorTimes(),
  memory: () => windowsCalls.memory(),
  processes: () => windowsCalls.processes(),
  sessions: () => windowsCalls.sessions(),
  power: () => windowsCalls.power(),
  accounts: async () => [
    (await windowsCalls.accountSid("SYSTEM")) ?? null,
    (await windowsCalls.accountSid("system")) ?? null,
    (await windowsCalls.accountSid("no such account")) ?? null,
  ],
  gateways: () => windowsSystem().gateways(),
  lookFor: async () => windowsSystem().lookFor?.("127.0.0.1"),
  asleep: async () => windowsSystem().asleepMs?.(),
  booted: () => windowsCalls.bootedAtMs(),
  wmi: () => windowsCalls.wmi("ROOT\\CIMV2", "SELECT Caption, Version, TotalVisibleMemorySize, LastBootUpTime FROM Win32_OperatingSystem"),
  wmiLists: () => windowsCalls.wmi("ROOT\\CIMV2", "SELECT Name, MACAddress, IPAddress FROM Win32_NetworkAdapterConfiguration"),
  noWmi: () => windowsCalls.wmi("ROOT\\CIMV2", "SELECT Name FROM Win32_NoSuchThing"),
  noNamespace: () => windowsCalls.wmi("ROOT\\NoSuchNamespace", "SELECT Name FROM Thing"),
  byName: async () => {
    setUpCom();
    return using(createObject("Scripting.FileSystemObject"), (files) => [
      ask(files, "FolderExists", ["C:\\windows"]),
      ask(files, "GetExtensionName", ["C:\\ä.txt"]),
      ask(files, "BuildPath", ["C:\\a", "b"]),
    ]);
  },
  events: () => events.read("System", "*[System[(Level=1 or Level=2)]]", undefined, 10),
  newest: () => events.newest("System"),
  channels: () => events.channels(),
  device: async () => [...(await devices.control("\\\\.\\C:", 0x70000, new Uint8Array(), 24))],
  noDevice: () => devices.control("\\\\.\\PhysicalDrive99", 0x2d1400, new Uint8Array(12), 512),
  updates: () => windowsCalls.searchUpdates("IsInstalled=0"),
};

const readable = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);

for (const name of process.argv.slice(2).flatMap((wanted) => (wanted === "all" ? Object.keys(calls) : wanted))) {
  const call = calls[name];
  if (!call) throw new Error(`There is no call ${name}.`);
  try {
    console.log(JSON.stringify({ name, value: (await call()) ?? null }, readable));
  } catch (error) {
    console.log(JSON.stringify({ name, error: error instanceof OsError ? error.code : "not an OsError", detail: String(error) }));
  }
}
process.exit(0);
