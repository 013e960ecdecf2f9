import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { networkOf, type NetworkAddress, type SnmpSession, type SnmpValue } from "@hauswart/agent/readers/network.ts";
import { snmpAccess } from "@hauswart/agent/readers/snmp-access.ts";
import type { NoDataCodeOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { snmp } from "../protocol.ts";
import { rememberedFrom, takeAttendance } from "./attendance.ts";
import { problemLines, readDevice, readValues, valueRow, type Sample } from "./device.ts";
import { readInterfaces } from "./interfaces.ts";
import { noPowerSupply } from "../protocol/power-supply.ts";
import { readPowerSupply } from "./power-supply.ts";
import { readPrinter } from "./printer.ts";
import { errorsPerMinute, ratesOf, type Reading } from "./rates.ts";

type Check = typeof snmp;
type Selection = SelectionOf<Check>;

/** No line of today carries more; a counter that says so was set back. */
const fastestBytesPerSecond = 100e9;

async function collect(
  { selection, instance, os, signal, now }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  const target = clip(selection.target.trim() || instance.trim(), textLimit);
  if (target === "") return { noData: "no-target" };
  const access = snmpAccess(selection);
  if (typeof access === "string") return { noData: access };
  const [unreadable] = problemLines(selection.values);
  if (unreadable !== undefined) return { noData: `unreadable-value: ${clip(unreadable, 100)}` };
  const network = await networkOf(os);
  const addresses = await network.resolve(target, selection.family);
  if (addresses === "no-answer") return { noData: "no-name-server" };
  const [address] = addresses === "not-found" ? [] : addresses;
  if (!address) return { ok: { ...nothing(target), outcome: "name-unknown" } };
  try {
    const question = {
      target: address,
      port: selection.portNumber,
      access,
      timeoutMs: Math.max(100, selection.answerWithinMs),
      retries: 1,
      signal,
    };
    const answered = await network.snmp.session(question, (session) => read(session, { target, address, selection, atMs: now() }, memory));
    const { sample, remembered } = takeAttendance(answered, selection, rememberedFrom(memory.kept["parts"]), now());
    memory.kept["parts"] = remembered;
    return { ok: sample };
  } catch (error) {
    const { name, reason, message } = error as { name?: string; reason?: "no-answer" | "refused" | "broken"; message: string };
    if (name !== "SnmpError" || reason === undefined) throw error;
    if (signal.aborted) return { failed: "COLLECT_TIMED_OUT", detail: "device-too-slow" };
    // Without a cable the own side looks just like a device that is off.
    if (!network.isConnected() && !isOwn(address)) return { noData: "no-connection" };
    return { ok: { ...nothing(target), address: address.address, outcome: reason, problem: clip(message, textLimit) } };
  }
}

const isOwn = ({ address }: NetworkAddress) => address.startsWith("127.") || address === "::1";

interface Asked {
  readonly target: string;
  readonly address: NetworkAddress;
  readonly selection: Selection;
  readonly atMs: number;
}

async function read(session: SnmpSession, { target, address, selection, atMs }: Asked, { values: memory }: Memory): Promise<Sample> {
  const { upTicks, ...words } = await readDevice(session);
  const values = await readValues(session, selection.values);
  const interfaces = selection.interfaces ? await readInterfaces(session) : [];
  const counters = new Map<string, SnmpValue>();
  for (const { name, value } of values) if (value) counters.set(`value ${name}`, value);
  for (const { row, counters: own } of interfaces) for (const [name, value] of own) counters.set(`${name} ${row.name}`, value);
  const reading: Reading = { upTicks, atMs, counters };
  const before = memory.get("reading") as Reading | undefined;
  const rate = ratesOf(before, reading);
  memory.set("reading", reading);
  const times = (value: number | null, factor: number) => (value === null ? null : Math.round(value * factor * 1_000) / 1_000);
  return {
    ...nothing(target),
    address: address.address,
    outcome: "answered",
    ...words,
    uptimeSeconds: upTicks === null ? null : Math.floor(upTicks / 100),
    values: values.map((value) => valueRow(value, rate(`value ${value.name}`))),
    interfaces: interfaces.map(({ row }) => ({
      ...row,
      inBitsPerSecond: times(rate(`in ${row.name}`, fastestBytesPerSecond), 8),
      outBitsPerSecond: times(rate(`out ${row.name}`, fastestBytesPerSecond), 8),
      errorsPerMinute: errorsPerMinute(before, reading, row.name),
    })),
    ...(selection.printer ? await readPrinter(session) : {}),
    ...(selection.ups ? await readPowerSupply(session) : {}),
  };
}

const nothing = (target: string): Sample => ({
  target,
  address: "",
  outcome: "no-answer",
  problem: "",
  deviceName: "",
  description: "",
  place: "",
  uptimeSeconds: null,
  values: [],
  interfaces: [],
  supplies: [],
  printerProblems: "",
  isPrinter: false,
  ...noPowerSupply,
});

export default [collector<Check>({ check: "snmp", version: 2, collect })];
