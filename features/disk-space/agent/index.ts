import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { readVolumes } from "@hauswart/agent/readers/volumes/index.ts";
import { isSelectedName } from "@hauswart/agent/readers/volumes/mount-table.ts";
import type { Volume } from "@hauswart/agent/readers/volumes/volume.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { diskSpace } from "../protocol.ts";
import { rememberedFrom, takeAttendance, type AbsentVolume } from "./absent-volumes.ts";
import type { ReadExpectedVolumes } from "./expected-volumes.ts";
import { readExpectedVolumes as linux } from "./read-expected-volumes.linux.ts";
import { readExpectedVolumes as darwin } from "./read-expected-volumes.macos.ts";
import { readExpectedVolumes as win32 } from "./read-expected-volumes.windows.ts";

type Check = typeof diskSpace;
type Row = SampleOf<Check>["volumes"][number];

const expectedVolumes = { linux, darwin, win32 } satisfies PerSystem<ReadExpectedVolumes>;
const dayMs = 86_400_000;

/** Two digits are more than any threshold needs, and do not tell apart what is the same to a person. */
const inodesPercent = ({ totalInodes, freeInodes }: { totalInodes: number; freeInodes: number }) =>
  totalInodes > 0 ? Math.min(100, Math.round((freeInodes / totalInodes) * 10_000) / 100) : null;

function presentRow({ mount, device, fileSystem, size, problem }: Volume, expected: boolean): Row {
  return {
    mount,
    device,
    fileSystem,
    state: size ? "measured" : "unreadable",
    problem,
    expected,
    absentSince: null,
    totalBytes: size?.totalBytes ?? null,
    availableBytes: size?.availableBytes ?? null,
    availableInodesPercent: size ? inodesPercent(size) : null,
  };
}

function absentRow({ mount, device, fileSystem, expected, absentSince }: AbsentVolume): Row {
  return {
    mount,
    device,
    fileSystem,
    state: "absent",
    problem: "",
    expected,
    absentSince,
    totalBytes: null,
    availableBytes: null,
    availableInodesPercent: null,
  };
}

async function collect(
  { system, selection, os, now }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const read = await readVolumes(system, os, selection, memory);
  if (!("ok" in read)) return read;
  const expected = await expectedVolumes[system](os, selection);
  const { absent, remembered } = takeAttendance({
    list: read.ok,
    expected,
    remembered: rememberedFrom(memory.kept["volumes"]),
    isSelected: (mount) => isSelectedName(selection, mount),
    forgetAfterMs: selection.forgetAbsentDays * dayMs,
    nowMs: now(),
  });
  memory.kept["volumes"] = remembered;
  const expectedMounts = new Set(expected.map(({ mount }) => mount));
  const volumes = [...read.ok.volumes.map((volume) => presentRow(volume, expectedMounts.has(volume.mount))), ...absent.map(absentRow)];
  if (volumes.length === 0) return { noData: "no-volume-fits" };
  return { ok: { volumes: volumes.sort((one, other) => (one.mount < other.mount ? -1 : 1)) } };
}

export default [collector<Check>({ check: "disk-space", version: 1, collect })];
