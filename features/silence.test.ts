/** What falls silent gets no all-clear: judges and engine together, from a sample that raises to one that says nothing of it. */
import { describe, expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { evaluate, type Change } from "@hauswart/server/evaluate/evaluate.ts";
import { neverMeasured } from "@hauswart/server/evaluate/judged-state.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import { workingWeek } from "@hauswart/testkit/working-week.ts";
import type { antivirusStatus } from "./antivirus-status/protocol.ts";
import { madeDrive, madeSample, silence, type Drive } from "./disk-health/server/testing/made-drive.ts";
import { madeVolume } from "./disk-space/server/testing/made-volume.ts";
import judgedChecks from "./registry/server.ts";
import type { snmp } from "./snmp/protocol.ts";
import { noPowerSupply } from "./snmp/protocol/power-supply.ts";
import type { website } from "./website/protocol.ts";

const checks: readonly JudgedCheck[] = judgedChecks;
const at = Date.UTC(2026, 10, 22, 12);

/** What happens to findings, sample by sample, and the state after the last; one bad sample is enough. */
function play(id: string, samples: readonly Readonly<Record<string, unknown>>[], settings: object = {}) {
  const { definition, judge } = checks.find((judged) => judged.definition.id === id)!;
  let state = neverMeasured;
  const changes = samples.map((sample, index) => {
    expect(definition.sample.safeParse(sample).error).toBeUndefined();
    const verdicts = judge({
      sample,
      settings: definition.judgement.parse(settings),
      past: { points: () => [] },
      at: at + index,
      calendar: workingWeek,
    });
    const evaluation = evaluate({ previous: state, outcome: { kind: "measured", verdicts }, failuresBeforeFinding: 1 });
    state = evaluation.next;
    return evaluation.changes.map(short);
  });
  return { changes, state: state.state };
}
const short = (change: Change) =>
  [change.kind, change.code, change.subject, change.kind === "close" ? change.reason : ""].filter(Boolean).join(" ");

const told = madeDrive({ temperatureCelsius: 70, reallocatedCount: 500 });
const untold = madeDrive(silence);

describe("MON-5 a drive with bad sectors", () => {
  const bad = ["open bad-sectors HD 1", "open too-hot HD 1"];
  test.each<[string, Drive[], string[], string]>([
    ["that cannot be read", [{ ...untold, state: "unreadable" }], [], "unknown"],
    ["that sleeps, of which nothing is remembered", [{ ...untold, state: "asleep" }], [], "unknown"],
    ["that leaves out a value", [{ ...told, reallocatedCount: null, temperatureCelsius: 40 }], ["close too-hot HD 1 recovered"], "unknown"],
    ["that is missing", [{ ...untold, state: "missing" }], ["open missing HD 1"], "failure"],
    [
      "that is nobody's concern any more",
      [{ ...told, drive: "HD 2", reallocatedCount: 0, temperatureCelsius: 40 }],
      bad.map((one) => `${one.replace("open", "close")} subject-gone`),
      "ok",
    ],
  ])("%s", (_, rows, expected, state) =>
    expect(play("disk-health", [madeSample(told), madeSample(...rows)])).toEqual({ changes: [bad, expected], state: state as "ok" }),
  );

  test("is well again only by its own word", () => {
    const missing = madeSample({ ...untold, state: "missing" });
    expect(
      play("disk-health", [madeSample(told), missing, madeSample({ ...told, reallocatedCount: 0, temperatureCelsius: 40 })]).changes[2],
    ).toEqual(["close missing HD 1 recovered", "close bad-sectors HD 1 recovered", "close too-hot HD 1 recovered"]);
    expect(play("disk-health", [madeSample(told), missing], { reportMissing: false })).toEqual({ changes: [bad, []], state: "unknown" });
  });
});

describe("MON-10 a device that is asked by SNMP", () => {
  type Sample = SampleOf<typeof snmp>;
  const answered: Sample = {
    target: "ups",
    address: "192.0.2.30",
    outcome: "answered",
    problem: "",
    deviceName: "",
    description: "",
    place: "",
    uptimeSeconds: null,
    values: [{ name: "T", oid: "1.2", text: "", problem: "", value: 60, perSecond: null }],
    interfaces: [
      {
        name: "eth1",
        alias: "",
        wanted: "up",
        state: "down",
        megabitCount: 0,
        inBitsPerSecond: null,
        outBitsPerSecond: null,
        errorsPerMinute: 99,
      },
    ],
    supplies: [{ name: "Toner", state: "measured", levelPercent: 0 }],
    printerProblems: "",
    isPrinter: false,
    ...noPowerSupply,
    isUps: true,
    upsBattery: "low",
    upsSource: "battery",
    upsLoadPercent: 99,
  };
  const silent: Sample = { ...answered, outcome: "no-answer", values: [], interfaces: [], supplies: [], ...noPowerSupply };
  const settings = { limits: ["T > 50"], interfacesUp: ["eth*"] };

  test("that no longer answers keeps what was open", () => {
    const { changes, state } = play("snmp", [answered, silent], settings);
    expect(changes[0]).toHaveLength(7);
    expect([changes[1], state]).toEqual([["open not-answering"], "failure"]);
  });
  test("whose card answers before its power supply, and whose table is empty", () => {
    const gone = answered.interfaces.map(({ name, alias }) => ({ name, alias, state: "unknown" as const }));
    const untold = {
      ...answered,
      interfaces: [],
      goneInterfaces: gone,
      supplies: [{ name: "Toner", state: "unknown", levelPercent: null }],
    };
    const { changes } = play(
      "snmp",
      [answered, { ...untold, ...noPowerSupply, isUps: true, upsBattery: "unknown", upsSource: "other" }],
      settings,
    );
    expect(changes[1]).toEqual([]);
  });
  test("whose rates begin anew keeps what they raised", () => {
    const anew = { ...answered, interfaces: [{ ...answered.interfaces[0]!, errorsPerMinute: null }], upsLoadPercent: null };
    expect(play("snmp", [answered, anew], settings).changes[1]).toEqual([]);
  });
});

describe("MON-11 a website", () => {
  type Sample = SampleOf<typeof website>;
  const answered: Sample = {
    url: "https://shop.example/",
    finalUrl: "https://shop.example/",
    redirectCount: 0,
    outcome: "answered",
    problem: "",
    address: "192.0.2.80",
    status: "200",
    httpVersion: "2",
    certificateProblem: "CERT_HAS_EXPIRED",
    certificateValidTo: at - 1,
    certificateSubject: "",
    certificateIssuer: "",
    texts: [{ text: "Willkommen", wanted: "present", found: false }],
    dnsMs: 1,
    connectMs: 1,
    tlsMs: 1,
    firstByteMs: 1,
    totalMs: 10,
    bodyBytes: 1,
  };
  test("that does not answer keeps its text and its certificate open", () => {
    const silent: Sample = { ...answered, outcome: "connect-failed", status: "", texts: [], certificateValidTo: null, bodyBytes: null };
    const plain: Sample = { ...answered, texts: [], certificateProblem: "", certificateValidTo: null };
    expect(play("website", [answered, silent, plain]).changes).toEqual([
      ["open text Willkommen", "open certificate"],
      ["open unreachable"],
      ["close unreachable recovered", "close text Willkommen subject-gone", "close certificate subject-gone"],
    ]);
  });
});

test("MON-2 a volume that cannot be read keeps what was said of its inodes", () => {
  const unreadable = madeVolume({
    state: "unreadable",
    problem: "EIO",
    totalBytes: null,
    availableBytes: null,
    availableInodesPercent: null,
  });
  expect(play("disk-space", [{ volumes: [madeVolume({ availableInodesPercent: 0 })] }, { volumes: [unreadable] }])).toEqual({
    changes: [["open few-inodes /"], []],
    state: "unknown",
  });
});

test("MON-3 a product that no longer tells of its updates keeps what was said of them", () => {
  const product: SampleOf<typeof antivirusStatus>["products"][number] = {
    product: "Guard",
    state: "active",
    engine: "running",
    realTime: "on",
    signatures: "current",
    signatureVersion: "",
    signatureAt: at,
    signatureAgeSeconds: 0,
    updates: "not-running",
    productVersion: "",
    engineVersion: "",
    tamperProtection: "off",
    lastScanAt: null,
    isBuiltIn: false,
    source: "security-center",
    problem: "",
  };
  const sample = (changes: Partial<typeof product>) => ({
    system: "win32",
    resumedAt: null,
    activeCount: 1,
    products: [{ ...product, ...changes }],
  });
  const [told, silent] = [sample({}), sample({ updates: "unknown", tamperProtection: "unknown" })];
  const settings = { requireTamperProtection: true };
  const bad = ["open updates-off Guard", "open tamper-protection-off Guard"];
  expect(play("antivirus-status", [told, silent], settings)).toEqual({ changes: [bad, []], state: "unknown" });
  expect(play("antivirus-status", [told, sample({ state: "unknown", updates: "unknown" })], settings).changes[1]).toEqual([]);
});
