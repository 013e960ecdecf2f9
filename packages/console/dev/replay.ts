/** The threshold time machine in the double: dips and faults as a real month has them, cut by what the draft says of duration. */
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import type { Replay, ReplayRequest, ReplayResult, ReplayedFinding } from "@hauswart/protocol/api/policy-replay.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { checksOf } from "./judging.ts";
import { namesOf } from "./names.ts";
import type { World } from "./world.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Minutes that a subject was bad, in turn. Most dips are over before anybody looks. */
const lasted = [5, 5, 10, 5, 190, 5, 5, 10, 5, 5, 480, 5, 10, 5];

const mostLooks = 4;

interface Asked {
  readonly request: ReplayRequest;
  /** How often somebody looked; it is done when they have looked so often. */
  looks: number;
  isCancelled: boolean;
}

export function replayHandlers(world: World) {
  const asked = new Map<string, Asked>();
  const present = (replayId: string, { request, looks, isCancelled }: Asked): Replay => {
    const result = resultOf(world, request);
    const share = Math.min(1, looks / mostLooks);
    const { check, instance, days } = request;
    const state = isCancelled ? "cancelled" : share < 1 ? "running" : "done";
    const devicesDone = Math.floor(share * result.devices);
    return { replayId, check, instance, days, state, devices: result.devices, devicesDone, result: state === "done" ? result : null };
  };
  return {
    startReplay(request: ReplayRequest): Replay {
      const replayId = newId();
      const one = { request, looks: 0, isCancelled: false };
      asked.set(replayId, one);
      return present(replayId, one);
    },
    getReplay({ replayId }: { replayId: string }): Replay {
      const one = asked.get(replayId)!;
      one.looks++;
      return present(replayId, one);
    },
    cancelReplay({ replayId }: { replayId: string }): undefined {
      asked.get(replayId)!.isCancelled = true;
    },
  };
}

function resultOf(world: World, request: ReplayRequest): ReplayResult {
  const said = request.checks.find(({ check, instance }) => check === request.check && instance === request.instance);
  const waitMinutes = said?.badForMinutes ?? 0;
  const toMs = world.nowMs();
  const fromMs = toMs - request.days * dayMs;
  const names = namesOf(world);
  const running = world.devices.flatMap((one) => {
    const { device } = one;
    const own = checksOf(one, world.policies, names, toMs).find(
      ({ check, instance }) => check === request.check && instance === request.instance,
    );
    return own && device.lifecycle !== "revoked" ? [{ device, own }] : [];
  });
  const listed = running
    .map(({ device, own }, index) => {
      const all = index % 3 === 0 ? episodesOf(own, fromMs, toMs, index) : [];
      const told = all.filter(({ minutes }) => minutes >= waitMinutes).map(({ finding }) => finding);
      return {
        deviceId: device.deviceId,
        deviceName: device.name,
        customerName: device.customerName,
        siteName: device.siteName,
        checkNumber: own.number,
        settings: { ...own.settings, ...said?.settings },
        findings: told.length,
        short: told.filter(isShort).length,
        findingsNow: all.length,
        coveredPercent: Math.max(0, 97.4 - index * 3.1),
        listed: told,
      };
    })
    .filter(({ findingsNow }) => findingsNow > 0);
  const sum = (of: (one: (typeof listed)[number]) => number) => listed.reduce((total, one) => total + of(one), 0);
  const findings = sum((one) => one.findings);
  const short = sum((one) => one.short);
  const suggestion = {
    kind: "duration" as const,
    badForMinutes: 15,
    findings: findings - short,
    shortLeft: 0,
    lastingKept: findings - short,
  };
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    everySeconds: 300,
    samples: running.length * request.days * 281,
    notJudged: 0,
    devices: running.length,
    devicesWithSamples: running.length,
    devicesWithFindings: listed.filter((one) => one.findings > 0).length,
    findings,
    short,
    shortMinutes: 10,
    held: 3,
    findingsNow: sum((one) => one.findingsNow),
    coveredPercent: 95.2,
    suggestions: short > 0 ? [suggestion] : [],
    listed: listed.toSorted((one, other) => other.findings - one.findings),
  };
}

const isShort = ({ openedAt, closedAt }: ReplayedFinding) =>
  closedAt !== null && Date.parse(closedAt) - Date.parse(openedAt) <= 10 * minuteMs;

function episodesOf(
  { subjects }: Pick<DeviceCheck, "subjects">,
  fromMs: number,
  toMs: number,
  seed: number,
): { minutes: number; finding: ReplayedFinding }[] {
  const { code = "", subject = "" } = subjects[0] ?? {};
  const count = Math.max(2, lasted.length - seed);
  return lasted.slice(0, count).map((minutes, index) => {
    const openedMs = fromMs + ((index + 0.4 + (seed % 5) / 9) / count) * (toMs - fromMs);
    return {
      minutes,
      finding: {
        code,
        subject,
        severity: minutes > 100 ? ("failure" as const) : ("warning" as const),
        openedAt: new Date(openedMs).toISOString(),
        closedAt: new Date(openedMs + minutes * minuteMs).toISOString(),
        flapCount: null,
      },
    };
  });
}
