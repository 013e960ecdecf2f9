/** The threshold time machine: a draft is replayed over what is stored, before it is saved. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedFleet } from "@hauswart/testkit/agent-server.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor } from "@hauswart/testkit/seed.ts";
import { tank, tankRegistry, tankSample } from "@hauswart/testkit/tank-check.ts";
import type { Context } from "../context.ts";
import { compileChecks } from "../ingest/compiled-checks.ts";
import { isoTime } from "../times.ts";
import { cancelReplay } from "./cancel-replay.ts";
import { getReplay } from "./get-replay.ts";
import { replayHere, type Replayer } from "./replayer.ts";
import { Replays, useReplays } from "./replays.ts";
import { startReplay } from "./start-replay.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

const minuteMs = 60_000;
const compiled = compileChecks(tankRegistry);

/** A device with three dips of five minutes, one fault of two hours and a gap of six hours, measured every five minutes for a day. */
async function house() {
  const server = await agentServer(database);
  const { tenant, agents } = await seedFleet(server, 2);
  const [agent] = agents;
  expect((await agent!.connect()).type).toBe("welcome");
  const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - 288 * 5 * minuteMs;
  const levelAt = (step: number) => ([20, 60, 100].includes(step) || (step >= 220 && step < 244) ? 90 : 50);
  for (let first = 0; first < 288; first += 48) {
    const steps = Array.from({ length: 48 }, (_, index) => first + index).filter((step) => step < 120 || step >= 192);
    if (steps.length === 0) continue;
    agent!.batch(steps.map((step) => ({ at: startMs + step * 5 * minuteMs, ok: tankSample({ A: levelAt(step) }) as never })));
    await agent!.stored();
  }
  agent!.drop();
  await server.close();
  return { server, ctx: contextFor(server.services, tenant), deviceId: agent!.deviceId, tenant, startMs };
}

const draft = (check: object = {}, days = 2) => ({
  policyId: null,
  customerId: null,
  name: "Tanks",
  checks: [{ check: tank.id, instance: "", enabled: true, everySeconds: 300 as const, settings: {}, ...check }],
  assignments: [{ scope: "provider" as const, scopeId: "" }],
  check: tank.id,
  instance: "",
  days,
});

async function replay(ctx: Context, replays: Replays, input: ReturnType<typeof draft>) {
  const { replayId } = await startReplay({ ctx, input });
  await replays.idle();
  return getReplay({ ctx, input: { replayId } });
}

test("a draft says what it would have raised, and what would have told people less", async () => {
  const { server, ctx, deviceId } = await house();
  const replays = useReplays(server.services, new Replays(compiled, replayHere(compiled)));
  const loud = await replay(ctx, replays, draft());
  expect(loud).toMatchObject({ state: "done", devices: 2, devicesDone: 2 });
  const result = loud.result!;
  // `rising` tells of the same: 90 after 50.
  expect(result).toMatchObject({
    devicesWithSamples: 1,
    devicesWithFindings: 1,
    samples: 216,
    findings: 8,
    short: 6,
    findingsNow: 8,
    shortMinutes: 10,
  });
  const lasting = result.listed[0]!.listed.find(
    ({ code, openedAt, closedAt }) => code === "full" && Date.parse(closedAt!) - Date.parse(openedAt) > 3_600_000,
  )!;
  expect(Date.parse(lasting.closedAt!) - Date.parse(lasting.openedAt)).toBeCloseTo(120 * minuteMs, -3);
  expect(result.listed[0]).toMatchObject({ deviceId, findings: 8, short: 6 });
  // Six hours without a sample are a gap.
  expect(result.coveredPercent).toBeCloseTo((100 * (120 + 96 - 2) * 5) / (2 * 1_440), 0);
  expect(result.suggestions[0]).toMatchObject({ kind: "duration", badForMinutes: 5, findings: 2, shortLeft: 0, lastingKept: 2 });

  expect(result.held).toBe(0);

  const calm = await replay(ctx, replays, draft({ badForMinutes: 5 }));
  expect(calm.result).toMatchObject({ findings: 2, short: 0, findingsNow: 8, suggestions: [] });
  const high = await replay(ctx, replays, draft({ settings: { warningAbove: 95 } }));
  expect(high.result!.listed[0]!.listed.map(({ code }) => code)).not.toContain("full");
});

test.each(["tell", "keep"] as const)(
  "what a window or an outage would have held back is counted apart and drives no suggestion (%s)",
  async (afterEnd) => {
    const { server, ctx, deviceId, tenant, startMs } = await house();
    const at = (step: number) => isoTime(startMs + step * 5 * minuteMs);
    const own = [ctx.providerId, newId(), deviceId, afterEnd];
    const sql = (text: string, values: unknown[]) => database.unwalled("test", (tx) => tx.sql(text, values as never));
    // The first two dips are in a window, the fault begins in another one; the third dip is behind an outage of the site.
    await sql(
      `insert into hauswart.maintenance_window (provider_id, maintenance_window_id, customer_id, scope, scope_id, name, schedule, grace_minutes, after_end, created_by, created_at)
       values ($1, $2, null, 'device', $3, 'Patch night', '{}', 15, $4, 'x', now())`,
      own,
    );
    for (const [from, until] of [
      [19, 62],
      [218, 224],
    ] as const)
      await sql(
        "insert into hauswart.maintenance_occurrence (provider_id, maintenance_window_id, starts_at, ends_at) values ($1, $2, $3, $4)",
        [...own.slice(0, 2), at(from), at(until)],
      );
    await sql(
      `insert into hauswart.finding (provider_id, finding_id, customer_id, site_id, check_id, instance, code, subject, severity, evidence, evidence_at, opened_at, changed_at, closed_at)
       values ($1, $2, $3, $4, 'site', '', 'offline', '', 'failure', '{}', $5, $5, $6, $6)`,
      [ctx.providerId, newId(), tenant.first.customerId, tenant.first.siteId, at(98), at(104)],
    );
    const replays = useReplays(server.services, new Replays(compiled, replayHere(compiled)));
    const result = (await replay(ctx, replays, draft())).result!;
    // What outlives a window is told, unless the window keeps what began in it.
    const lasting = afterEnd === "tell" ? 2 : 0;
    expect(result).toMatchObject({ findings: lasting, held: 8 - lasting, short: 0, findingsNow: lasting, suggestions: [] });
    expect(result.listed.flatMap(({ listed }) => listed.map(({ code }) => code))).toEqual(lasting ? ["full", "rising"] : []);
  },
);

test("a replay is told to nobody else, can be given up, and says when it failed", async () => {
  const { server, ctx } = await house();
  const stuck = Promise.withResolvers<never>();
  stuck.promise.catch(() => undefined);
  const replayer: Replayer = { replay: () => stuck.promise, end: () => undefined };
  const replays = useReplays(server.services, new Replays(compiled, () => replayer));
  const { replayId } = await startReplay({ ctx, input: draft() });
  const other: Context = { ...ctx, actor: { kind: "api-key", id: "other", name: "other" } };
  expect(await codeOf(getReplay({ ctx: other, input: { replayId } }))).toBe("NOT_FOUND");
  expect(await codeOf(cancelReplay({ ctx: other, input: { replayId } }))).toBe("NOT_FOUND");
  await cancelReplay({ ctx, input: { replayId } });
  expect((await getReplay({ ctx, input: { replayId } })).state).toBe("cancelled");
  stuck.reject(new Error("the helper died"));
  await replays.idle();
  expect((await getReplay({ ctx, input: { replayId } })).state).toBe("cancelled");

  const failing = useReplays(
    server.services,
    new Replays(compiled, () => ({ replay: () => Promise.reject(new Error("died")), end: () => undefined })),
  );
  expect((await replay(ctx, failing, draft())).state).toBe("failed");
  expect(await codeOf(startReplay({ ctx, input: { ...draft(), check: "nothing" } }))).toBe("INVALID_REQUEST");
  expect(await codeOf(startReplay({ ctx, input: draft({ recoverAt: { depth: 1 } }) }))).toBe("INVALID_REQUEST");
});
