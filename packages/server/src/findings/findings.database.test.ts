import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../times.ts";
import { acknowledgeFinding } from "./acknowledge-finding.ts";
import { applyFindingChanges } from "./apply.ts";
import { getFinding } from "./get-finding.ts";
import { listFindings } from "./list-findings.ts";
import { reopenFinding } from "./reopen-finding.ts";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
let deviceId: Id;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database);
  ctx = contextFor(services, tenant, { actor: { kind: "technician", id: newId(), name: "Technician", sessionId: newId() } });
  deviceId = await seedDevice(database, tenant, tenant.first);
});

const change = (kind: "open" | "close", subject = "C:", severity: "warning" | "failure" = "warning") =>
  database.transaction(ctx, async (tx) => {
    const common = {
      scope: { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "disk", checkNumber: 0, instance: "" },
      code: "low",
      subject,
      evidence: { freePercent: 3 },
      atMs: services.clock.now(),
    };
    const system = { kind: "system", id: "judge", name: "judge" } as const;
    const [effect] = await applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: system }, [
      kind === "open" ? { ...common, kind, severity, noticeDueAtMs: null } : { ...common, kind, reason: "recovered" },
    ]);
    return effect!.findingId;
  });
const stateOf = async (findingId: Id) => (await getFinding({ ctx, input: { findingId } })).state;
const subjects = async (over: Partial<Parameters<typeof listFindings>[0]["input"]>) =>
  (await listFindings({ ctx, input: { state: "current", order: "newest", limit: 100, ...over } })).items.map(({ subject }) => subject);

test("an acknowledgement has a note, a date and a history, and is told to the console and the audit log", async () => {
  const findingId = await change("open");
  const heard: LiveEvent[] = [];
  services.bus.subscribe("live", (event) => void heard.push(event));
  const until = isoTime(services.clock.now() + 3_600_000);
  const finding = await acknowledgeFinding({ ctx, input: { findingId, note: "Disk is ordered", until } });
  expect(finding).toMatchObject({
    state: "acknowledged",
    acknowledgement: { by: "Technician", at: isoTime(services.clock.now()), note: "Disk is ordered", until },
  });
  const { customerId } = tenant.first;
  expect(heard.toSorted((one, other) => one.kind.localeCompare(other.kind))).toMatchObject([
    { kind: "audit", id: "finding", customerId, change: "changed" },
    { kind: "finding", id: findingId, customerId, change: "changed" },
  ]);
  const { events } = await getFinding({ ctx, input: { findingId } });
  expect(events.map(({ kind, actor, note }) => [kind, actor, note])).toEqual([
    ["opened", "judge", null],
    ["acknowledged", "Technician", "Disk is ordered"],
  ]);
  const audited = await database.unwalled("look of a test", (tx) =>
    tx.sql("select action, subject_id, customer_id from hauswart.audit_entry where provider_id = $1", [tenant.providerId]),
  );
  expect(audited).toEqual([{ action: "finding.acknowledge", subject_id: findingId, customer_id: tenant.first.customerId }]);
});

test("an acknowledgement runs out by itself, and can be given anew", async () => {
  const findingId = await change("open");
  await acknowledgeFinding({ ctx, input: { findingId, note: "", until: isoTime(services.clock.now() + 1_000) } });
  services.clock.advance(1_000);
  expect(await stateOf(findingId)).toBe("open");
  expect(await codeOf(reopenFinding({ ctx, input: { findingId } }))).toBe("CONFLICT");
  await acknowledgeFinding({ ctx, input: { findingId, note: "again" } });
  expect(await stateOf(findingId)).toBe("acknowledged");
});

test("an acknowledgement can be taken back", async () => {
  const findingId = await change("open");
  expect(await codeOf(reopenFinding({ ctx, input: { findingId } }))).toBe("CONFLICT");
  await acknowledgeFinding({ ctx, input: { findingId, note: "x" } });
  expect(await reopenFinding({ ctx, input: { findingId } })).toMatchObject({ state: "open", acknowledgement: null });
  expect((await getFinding({ ctx, input: { findingId } })).events.map(({ kind }) => kind)).toEqual(["opened", "acknowledged", "reopened"]);
});

test("what a colleague has acknowledged is neither replaced nor taken back by who means something else", async () => {
  const findingId = await change("open");
  const own = await acknowledgeFinding({ ctx, input: { findingId, note: "mine", onlyIfOpen: true } });
  const colleague = contextFor(services, tenant, { actor: { ...ctx.actor, name: "Anna" } });
  expect(await codeOf(acknowledgeFinding({ ctx: colleague, input: { findingId, note: "hers", onlyIfOpen: true } }))).toBe("CONFLICT");
  services.clock.advance(1_000);
  await acknowledgeFinding({ ctx: colleague, input: { findingId, note: "hers" } });
  expect(await codeOf(reopenFinding({ ctx, input: { findingId, acknowledgedAt: own.acknowledgement!.at } }))).toBe("CONFLICT");
  const { acknowledgement } = await getFinding({ ctx, input: { findingId } });
  expect(acknowledgement).toMatchObject({ by: "Anna", note: "hers" });
  expect(await reopenFinding({ ctx, input: { findingId, acknowledgedAt: acknowledgement!.at } })).toMatchObject({ state: "open" });
});

test("what is closed cannot be acknowledged, but keeps who had", async () => {
  const findingId = await change("open");
  await acknowledgeFinding({ ctx, input: { findingId, note: "x", until: isoTime(services.clock.now() + 1_000) } });
  await change("close");
  services.clock.advance(60_000);
  expect(await codeOf(acknowledgeFinding({ ctx, input: { findingId, note: "late" } }))).toBe("CONFLICT");
  expect(await codeOf(reopenFinding({ ctx, input: { findingId } }))).toBe("CONFLICT");
  expect(await getFinding({ ctx, input: { findingId } })).toMatchObject({ state: "closed", acknowledgement: { note: "x" } });
});

test("a date that has passed is refused, and so is a finding that is not there", async () => {
  const findingId = await change("open");
  expect(await codeOf(acknowledgeFinding({ ctx, input: { findingId, note: "", until: isoTime(services.clock.now()) } }))).toBe(
    "INVALID_REQUEST",
  );
  expect(await codeOf(acknowledgeFinding({ ctx, input: { findingId: newId(), note: "" } }))).toBe("NOT_FOUND");
});

describe("the list", () => {
  test("tells open, acknowledged, closed and current apart", async () => {
    await change("open", "open");
    await acknowledgeFinding({ ctx, input: { findingId: await change("open", "known"), note: "" } });
    await change("open", "over");
    await change("close", "over");
    expect([await subjects({ state: "open" }), await subjects({ state: "acknowledged" }), await subjects({ state: "closed" })]).toEqual([
      ["open"],
      ["known"],
      ["over"],
    ]);
    expect((await subjects({})).sort()).toEqual(["known", "open"]);
  });

  test("filters by severity, check, device and customer", async () => {
    await change("open", "a");
    await change("open", "b", "failure");
    expect(await subjects({ severity: "failure" })).toEqual(["b"]);
    expect((await subjects({ check: "disk", deviceId, customerId: tenant.first.customerId })).sort()).toEqual(["a", "b"]);
    expect([
      await subjects({ check: "dis" }),
      await subjects({ deviceId: newId() }),
      await subjects({ customerId: tenant.second.customerId }),
    ]).toEqual([[], [], []]);
  });

  test("pages from new to old, also through findings of the very same moment", async () => {
    for (let index = 0; index < 9; index++) {
      await change("open", `subject-${index}`);
      if (index % 3 === 2) services.clock.advance(1);
    }
    const seen: string[] = [];
    const times: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await listFindings({ ctx, input: { state: "current", order: "newest", limit: 2, cursor } });
      seen.push(...items.map(({ subject }) => subject));
      times.push(...items.map(({ openedAt }) => openedAt));
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(Array.from({ length: 9 }, (_, index) => `subject-${index}`));
    expect(times).toEqual(times.toSorted().reverse());
  });
});
