/** What a preview says is what happens: previewed, saved, judged again by a whole server with real connections, compared. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { RequestOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { generatorOf, type Generator } from "@hauswart/testkit/generate.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { tankRegistry, tankSample } from "@hauswart/testkit/tank-check.ts";
import { until } from "@hauswart/testkit/until.ts";
import { enrolledAgent, type WireAgent } from "@hauswart/testkit/wire-agent.ts";

setDefaultTimeout(120_000);

type Draft = NonNullable<RequestOf<"previewPolicy">["body"]>;
type Preview = ResponseOf<"previewPolicy">;

let server: TestServer;
let places: { customerId: string; siteId: string }[];
const agents: WireAgent[] = [];
/** The last two never come back: nothing of theirs is judged again. */
const connectedCount = 4;

beforeAll(async () => {
  server = await testServer({ services: { checks: tankRegistry } });
  places = [];
  for (const name of ["Mill", "Dairy"]) {
    const { customerId } = await server.api("createCustomer", { body: { name } });
    places.push({ customerId, siteId: (await server.api("createSite", { body: { customerId, name: "Main" } })).siteId });
  }
  for (let index = 0; index < connectedCount + 2; index++) {
    const { siteId } = places[index % 2]!;
    const { token } = await server.api("createEnrolmentToken", { body: { siteId } });
    const agent = await enrolledAgent(server.url, token);
    await agent.connect();
    const now = Date.now();
    agent.batch([
      { ok: tankSample({ A: 20, B: 30 }) as never, at: now - 1_800_000 },
      { ok: tankSample({ A: 15 * index, B: 97 - index, C: index === 3 ? null : 60 }) as never, at: now },
    ]);
    await agent.stored();
    if (index % 3 === 0) await server.api("changeDevice", { params: { deviceId: agent.deviceId }, body: { tags: ["till"] } });
    agents.push(agent);
  }
  for (const agent of agents.slice(connectedCount)) agent.drop();
  // Not by a preview: so many of those as a wait takes are refused.
  const gone = "select from hauswart.device_link where disconnected_at >= connected_at";
  await until("the end of two connections", async () => (await look(gone)).length === agents.length - connectedCount);
});
afterAll(async () => {
  for (const agent of agents.slice(0, connectedCount)) agent.drop();
  await server.close();
});

const tankWith = (settings: Record<string, unknown>, over = {}) => ({ check: "tank", settings, ...over });
const previewOf = (body: Draft) => server.api("previewPolicy", { body: { name: "Draft", ...body } });

const look = <Row extends object>(statement: string) => server.database.unwalled("look of a test", (tx) => tx.sql<Row>(statement));

/** Open findings of the check, as `device instance code subject` with their severity. */
async function openFindings(): Promise<Map<string, string>> {
  const rows = await look<{ key: string; severity: string }>(
    "select concat_ws(' ', device_id, instance, code, subject) as key, severity from hauswart.finding where check_id = 'tank' and closed_at is null",
  );
  return new Map(rows.map(({ key, severity }) => [key, severity]));
}

const sorted = (findings: ReadonlyMap<string, string>) => [...findings].map((finding) => finding.join(" ")).sort();

/** Checks of connected devices that the gateway does not judge yet by what is saved: it hears of it by the bus. */
const behind = () =>
  look(
    `select from hauswart.check_instance c join hauswart.device_link l using (provider_id, device_id)
     where c.enabled and c.judged_key is distinct from c.settings_key and (l.disconnected_at is null or l.disconnected_at < l.connected_at)`,
  );

/** Waits until what is saved holds and the open findings are these. @throws with the difference, and what it belongs to. */
async function cameTo(wanted: ReadonlyMap<string, string>, about: unknown = ""): Promise<void> {
  await until(
    "these findings",
    async () => (await behind()).length === 0 && Bun.deepEquals(sorted(await openFindings()), sorted(wanted)),
  ).catch(() => undefined);
  expect([about, (await behind()).length, sorted(await openFindings())]).toEqual([about, 0, sorted(wanted)]);
}

/** What runs, as `device instance` with everything that is set. */
async function running(): Promise<Map<string, string>> {
  const rows = await look<{ key: string; settings: string }>(
    `select concat_ws(' ', device_id, instance) as key,
       concat_ws(' ', every_seconds, daily_at_hour, failures_before_finding, selection, judgement) as settings
     from hauswart.check_instance where enabled`,
  );
  return new Map(rows.map(({ key, settings }) => [key, settings]));
}

/** The open findings as they should be once what was told has happened. */
function expected(before: ReadonlyMap<string, string>, preview: Preview): Map<string, string> {
  const after = new Map(before);
  for (const { deviceId, isConnected, checks } of preview.devices) {
    for (const { instance, findings } of checks) {
      for (const { kind, code, subject, severity, reason } of findings) {
        if (!isConnected && reason !== "check-ended") continue;
        const key = [deviceId, instance, code, subject].join(" ");
        if (kind === "close") after.delete(key);
        else after.set(key, severity);
      }
    }
  }
  return after;
}

/** Everybody who is there measures anew, whatever runs there now. */
async function measure(random: Generator): Promise<void> {
  for (const agent of agents.slice(0, connectedCount)) {
    const checks = await look<{ check: number; selectionVersion: number }>(
      `select number as check, selection_version as "selectionVersion" from hauswart.check_instance
       where enabled and device_id = '${agent.deviceId}' order by number`,
    );
    const level = () => random.pick([5, 30, 50, 70, 85, 92, 97, 100, null]);
    const tanks = () => tankSample({ A: level(), B: level(), ...(random.below(2) === 0 ? { C: level() } : {}) }) as never;
    if (checks.length === 0) continue;
    agent.batch(checks.map((about) => ({ ...about, ok: tanks() })));
    await agent.stored();
  }
}

function randomDraft(random: Generator): Draft {
  const percent = () => random.pick([10, 40, 60, 80, 90, 95, 99]);
  const check = (instance: string) => ({
    check: "tank",
    instance,
    enabled: random.below(5) > 0,
    ...(random.below(3) === 0 ? { failuresBeforeFinding: random.pick([1, 2, 3]) } : {}),
    ...(random.below(4) === 0 ? { everySeconds: random.pick([60, 300] as const) } : {}),
    settings: {
      ...(random.below(2) === 0 ? { warningAbove: percent() } : {}),
      ...(random.below(2) === 0 ? { failureAbove: percent() } : {}),
      ...(random.below(4) === 0 ? { only: ["A"] } : {}),
    },
  });
  const { customerId, siteId } = random.pick(places);
  const possible = [
    { scope: "provider", scopeId: "" },
    { scope: "customer", scopeId: customerId },
    { scope: "site", scopeId: siteId },
    { scope: "tag", scopeId: "till" },
    { scope: "device", scopeId: random.pick(agents).deviceId },
  ] as const;
  return {
    name: random.pick(["A policy", "Z policy"]),
    checks: random.pick([[], [""], ["", "second"]]).map(check),
    assignments: possible.filter(() => random.below(2) === 0),
  };
}

afterEach(async () => {
  for (const { policyId } of (await server.api("listPolicies")).items) await server.api("deletePolicy", { params: { policyId } });
});

describe("what is told before saving is what happens after it", () => {
  test("whatever is changed: findings, and what runs", async () => {
    const random = generatorOf(20_261_122);
    const policyIds: string[] = [];
    for (const name of ["A policy", "M policy"]) policyIds.push((await server.api("createPolicy", { body: { name } })).policyId);
    let [alarms, recoveries, ends, starts, changes] = [0, 0, 0, 0, 0];
    for (let round = 0; round < 60; round++) {
      const policyId = random.pick(policyIds);
      const draft = randomDraft(random);
      const { revision } = await server.api("getPolicy", { params: { policyId } });
      if (random.below(3) > 0) await measure(random);
      const [before, ran] = [await openFindings(), await running()];
      const preview = await previewOf({ ...draft, policyId });
      expect([round, await openFindings(), await running()]).toEqual([round, before, ran]);
      await server.api("changePolicy", { params: { policyId }, body: { ...draft, revision } });
      const then = expected(before, preview);
      await cameTo(then, [round, draft]);
      const runs = await running();
      const told = (effect: string) => preview.devices.flatMap(({ checks }) => checks).filter((check) => check.effect === effect).length;
      const [came, went] = [[...runs.keys()].filter((key) => !ran.has(key)), [...ran.keys()].filter((key) => !runs.has(key))];
      const other = [...runs].filter(([key, settings]) => ran.has(key) && ran.get(key) !== settings);
      expect([round, told("starts"), told("ends"), told("changes")]).toEqual([round, came.length, went.length, other.length]);
      expect([preview.starts, preview.ends, preview.changes]).toEqual([came.length, went.length, other.length]);
      alarms += preview.alarms.findings;
      recoveries += preview.recoveries.findings;
      [ends, starts, changes] = [ends + went.length, starts + came.length, changes + other.length];
    }
    // Otherwise this would have compared nothing with nothing.
    expect([alarms, recoveries, ends, starts, changes].filter((times) => times <= 10)).toEqual([]);
  });

  test("without assignments it tells what deleting brings about", async () => {
    const body = { name: "Strict", checks: [tankWith({ warningAbove: 5 })], assignments: [{ scope: "provider", scopeId: "" } as const] };
    const created = expected(await openFindings(), await previewOf(body));
    const { policyId } = await server.api("createPolicy", { body });
    // What the saving itself brings about comes a moment later; a preview in between would tell the half of it.
    await cameTo(created);
    const nothing = await previewOf({ ...body, policyId });
    expect([nothing.reachedDevices, nothing.changedDevices, nothing.devices]).toEqual([agents.length, 0, []]);
    const preview = await previewOf({ ...body, policyId, assignments: [] });
    expect(preview).toMatchObject({ changedDevices: agents.length, changes: agents.length, starts: 0, ends: 0 });
    const then = expected(await openFindings(), preview);
    await server.api("deletePolicy", { params: { policyId } });
    await cameTo(then);
  });
});

describe("what is told", () => {
  const everywhere = [{ scope: "provider", scopeId: "" } as const];

  beforeAll(() => measure({ below: () => 0, pick: ([, , , first]) => first! }));

  test("why: the setting before and after, and where the new value comes from", async () => {
    const preview = await previewOf({ checks: [tankWith({ warningAbove: 1 })], assignments: everywhere });
    expect(preview.devices[0]!.checks).toMatchObject([
      {
        check: "tank",
        effect: "changes",
        settings: [
          { name: "warningAbove", before: 80, after: 1, source: { policyName: "Draft", scope: "provider", scopeName: "Hauswart" } },
        ],
      },
    ]);
    expect(preview.later.alarms.devices).toBe(2);
    expect(preview.alarms.findings).toBeGreaterThanOrEqual(preview.alarms.devices);
  });

  test("the figures count all devices, however few are listed; those that would alarm come first", async () => {
    const draft: Draft = { checks: [tankWith({ warningAbove: 58 })], assignments: everywhere };
    const whole = await previewOf(draft);
    const short = await previewOf({ ...draft, devicesListed: 1 });
    expect({ ...short, devices: [] }).toEqual({ ...whole, devices: [] });
    expect(short.devices).toEqual(whole.devices.slice(0, 1));
    expect(short.devices[0]!.checks[0]!.findings.map(({ kind }) => kind)).toContain("open");
  });

  test("an agent that is too old: the check would be shown and would not run", async () => {
    await server.database.unwalled("an old agent of a test", (tx) =>
      tx.sql(`update hauswart.device set agent_checks = '{"other": 1}' where device_id = $1`, [agents[5]!.deviceId]),
    );
    const preview = await previewOf({ checks: [{ check: "tank", instance: "third" }], assignments: everywhere });
    expect(preview).toMatchObject({ starts: agents.length - 1, cannotRun: 1 });
  });

  test.each<[string, Draft, string]>([
    ["a check that does not exist", { checks: [{ check: "none" }] }, "INVALID_REQUEST"],
    ["a value that does not fit", { checks: [tankWith({ warningAbove: 101 })] }, "INVALID_REQUEST"],
    ["a customer who does not exist", { assignments: [{ scope: "customer", scopeId: "nobody" }] }, "NOT_FOUND"],
  ])("%s is refused as it is when it is saved", async (_, draft, code) => {
    expect(await codeOf(previewOf(draft))).toContain(code);
    expect(await codeOf(server.api("createPolicy", { body: { name: "Draft", ...draft } }))).toContain(code);
  });
});
