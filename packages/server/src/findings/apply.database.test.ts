import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { acknowledgeFinding } from "./acknowledge-finding.ts";
import { applyFindingChanges } from "./apply.ts";
import type { FindingChange, FindingScope } from "./finding-change.ts";
import { sweepFindings } from "./sweep-findings.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let scope: FindingScope;

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  services = testServices(database);
  tenant = await seedTenant(database);
  const deviceId = await seedDevice(database, tenant, tenant.first);
  scope = { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "tank", checkNumber: 0, instance: "" };
});
afterAll(() => database.close());

const now = () => services.clock.now();
type Detail = Partial<{
  subject: string;
  severity: "warning" | "failure";
  atMs: number;
  noticeDueAtMs: number | null;
  scope: FindingScope;
  code: string;
}>;
const about = ({ subject = "A", atMs = now(), code = "full", ...rest }: Detail) => ({ scope: rest.scope ?? scope, code, subject, atMs });
const open = (detail: Detail = {}): FindingChange => ({
  kind: "open",
  ...about(detail),
  severity: detail.severity ?? "warning",
  evidence: { level: 1 },
  noticeDueAtMs: detail.noticeDueAtMs ?? null,
});
const change = (severity: "warning" | "failure", detail: Detail = {}): FindingChange => ({
  kind: "change",
  ...about(detail),
  severity,
  evidence: { level: 2 },
});
const close = (detail: Detail = {}): FindingChange => ({ kind: "close", ...about(detail), reason: "recovered", evidence: { level: 3 } });

async function apply(...changes: FindingChange[]): Promise<string[]> {
  const actor = { kind: "system", id: "test", name: "test" } as const;
  const effects = await database.ingest({ providerId: tenant.providerId, customers: "*" }, (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor }, changes),
  );
  return effects.map(({ kind }) => kind);
}
const all = <Row extends object>(statement: string) =>
  database.transaction({ providerId: tenant.providerId, customers: "*" }, (tx) => tx.sql<Row>(statement));
const state = async () =>
  (
    await all<{ subject: string; severity: string; state: string }>(
      "select subject, severity, coalesce(close_reason, 'open') as state from finding order by opened_at, finding_id",
    )
  ).map((row) => `${row.subject} ${row.severity} ${row.state}`);
const events = async () =>
  (await all<{ kind: string }>("select kind from finding_event order by finding_event_id")).map(({ kind }) => kind);
const notices = async () =>
  (await all<{ kind: string }>("select kind from finding_notice order by finding_notice_id")).map(({ kind }) => kind);

describe("applying changes, as the narrow role of ingest", () => {
  test("opens, changes and closes, each with its event and its notice", async () => {
    expect([await apply(open()), await apply(change("failure")), await apply(close())]).toEqual([["opened"], ["changed"], ["closed"]]);
    expect([await state(), await events(), await notices()]).toEqual([
      ["A failure recovered"],
      ["opened", "changed", "closed"],
      ["opened", "changed", "closed"],
    ]);
    const [row] = await all<{ evidence: object; opened: number }>(
      "select evidence, extract(epoch from opened_at)::float8 * 1000 as opened from finding",
    );
    expect(row).toEqual({ evidence: { level: 2 }, opened: now() });
  });
  test("the same change again does nothing", async () => {
    await apply(open());
    expect([
      await apply(open()),
      await apply(change("warning")),
      await apply(close()),
      await apply(close()),
      await apply(change("failure")),
    ]).toEqual([[], [], ["closed"], [], []]);
    expect([await state(), await events()]).toEqual([["A warning recovered"], ["opened", "closed"]]);
  });
  test("opening what is open with another severity changes it", async () => {
    await apply(open());
    expect(await apply(open({ severity: "failure" }))).toEqual(["changed"]);
    expect(await state()).toEqual(["A failure open"]);
  });
  test("what opens, closes and opens again in one go is two findings", async () => {
    expect(await apply(open(), close(), open({ atMs: now() + 1 }), open({ subject: "B" }))).toEqual([
      "opened",
      "opened",
      "closed",
      "opened",
    ]);
    expect((await state()).toSorted()).toEqual(["A warning open", "A warning recovered", "B warning open"]);
  });
  test("findings of devices, instances, codes and subjects do not touch each other", async () => {
    const other = await seedDevice(database, tenant, tenant.first, "server-2");
    const scopes = [scope, { ...scope, instance: "two", checkNumber: 1 }, { ...scope, deviceId: other }, { ...scope, deviceId: null }];
    await apply(...scopes.map((each) => open({ scope: each })), open({ code: "empty" }), open({ subject: "B" }));
    await apply(close({ scope: scopes[1]! }));
    expect((await state()).filter((line) => line.endsWith("open")).length).toBe(5);
  });
  test("an acknowledged finding stays acknowledged while it gets better", async () => {
    await apply(open({ severity: "failure" }));
    const [finding] = await all<{ finding_id: string }>("select finding_id from finding");
    await acknowledgeFinding({ ctx: contextFor(services, tenant), input: { findingId: finding!.finding_id, note: "known" } });
    await apply(change("warning"));
    expect(await all("select acknowledged_note from finding")).toEqual([{ acknowledged_note: "known" }]);
  });
  test("an acknowledgement is for what was known: when it gets worse, the finding is open again", async () => {
    await apply(open());
    const [finding] = await all<{ finding_id: string }>("select finding_id from finding");
    await acknowledgeFinding({ ctx: contextFor(services, tenant), input: { findingId: finding!.finding_id, note: "known" } });
    await apply(change("failure"));
    expect(await all("select acknowledged_at, acknowledged_note from finding")).toEqual([
      { acknowledged_at: null, acknowledged_note: null },
    ]);
    expect(await events()).toEqual(["opened", "acknowledged", "changed", "reopened"]);
    expect(await notices()).toEqual(["opened", "changed"]);
  });
  test("the bus hears of it after the commit, and not of what was rolled back", async () => {
    const heard: string[] = [];
    const end = services.bus.subscribe("live", ({ kind, change: what }) => void heard.push(`${kind} ${what}`));
    const failing = database.ingest({ providerId: tenant.providerId, customers: "*" }, async (tx) => {
      await applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, [
        open(),
      ]);
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    await apply(open());
    await Bun.sleep(0);
    end();
    expect(heard).toEqual(["finding created"]);
  });
});

describe("as time passes", () => {
  test("a notice that was held back is written when it is due", async () => {
    await apply(open({ noticeDueAtMs: now() + 30_000 }));
    expect([await sweepFindings(services), await notices()]).toEqual([0, []]);
    services.clock.advance(30_000);
    expect([await sweepFindings(services), await notices(), await sweepFindings(services)]).toEqual([1, ["opened"], 0]);
  });
  test("and never, when the finding closes before", async () => {
    await apply(open({ noticeDueAtMs: now() + 30_000 }));
    await apply(change("failure"));
    await apply(close());
    services.clock.advance(60_000);
    await sweepFindings(services);
    expect([await notices(), await events()]).toEqual([[], ["opened", "changed", "closed"]]);
  });
  test("an acknowledgement runs out: the finding is open again and told again", async () => {
    await apply(open());
    const [finding] = await all<{ finding_id: string }>("select finding_id from finding");
    await acknowledgeFinding({
      ctx: contextFor(services, tenant),
      input: { findingId: finding!.finding_id, note: "", until: new Date(now() + 60_000).toISOString() },
    });
    expect(await sweepFindings(services)).toBe(0);
    services.clock.advance(60_000);
    expect(await sweepFindings(services)).toBe(1);
    expect([await events(), await notices()]).toEqual([
      ["opened", "acknowledged", "reopened"],
      ["opened", "opened"],
    ]);
    expect(await all("select acknowledged_at from finding")).toEqual([{ acknowledged_at: null }]);
  });
  test("what happened once is over when somebody has taken note", async () => {
    const device = { ...scope, check: "device", checkNumber: null };
    await apply(open({ scope: device, code: "ran-backwards", subject: "" }), open({ scope: device, code: "clock-wrong", subject: "" }));
    expect(await sweepFindings(services)).toBe(0);
    for (const { finding_id: findingId } of await all<{ finding_id: string }>("select finding_id from finding"))
      await acknowledgeFinding({ ctx: contextFor(services, tenant), input: { findingId, note: "" } });
    expect(await sweepFindings(services)).toBe(1);
    expect(await all("select code from finding where closed_at is not null")).toEqual([{ code: "ran-backwards" }]);
    expect((await notices()).includes("closed")).toBe(false);
  });
});
