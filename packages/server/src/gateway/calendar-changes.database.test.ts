/** A calendar that changes is judged by at once, tells nobody twice, and is known to whoever judges the past again. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { AnyCheck, Judge } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { agentServer, seedFleet, type AgentServer } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor } from "@hauswart/testkit/seed.ts";
import { judgedTank, tank, tankSample, type TankSample } from "@hauswart/testkit/tank-check.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import { changeCalendar } from "../calendars/change-calendar.ts";
import { deleteHoliday } from "../calendars/delete-holiday.ts";
import { listCalendars } from "../calendars/list-calendars.ts";
import { putHoliday } from "../calendars/put-holiday.ts";
import type { Context } from "../context.ts";
import { compileChecks } from "../ingest/compiled-checks.ts";
import { getReplay } from "../replay/get-replay.ts";
import { replayAsJudged } from "../replay/replay-as-judged.ts";
import { replayHere } from "../replay/replayer.ts";
import { Replays, useReplays } from "../replay/replays.ts";
import { startReplay } from "../replay/start-replay.ts";
import type { CheckRegistry, JudgedCheck } from "../services.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

/** A tank that may be full on days on which nobody works. */
const judge = (({ sample, at, calendar }: Parameters<Judge<AnyCheck>>[0]) =>
  (sample as unknown as TankSample).tanks.map(({ name, levelPercent }) => ({
    code: "full",
    subject: name,
    state: levelPercent! > 80 && calendar.isWorkingDay(calendar.dateOf(at)) ? "warning" : "ok",
    evidence: { levelPercent },
  }))) as Judge<AnyCheck>;
const registry: CheckRegistry = new Map([
  [tank.id, { ...judgedTank, definition: { ...tank, history: undefined, needsCalendar: true }, judge } as unknown as JudgedCheck],
]);
const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;

class House {
  server!: AgentServer;
  ctx!: Context;
  agent!: WireAgent;
  /** Shortly ago: what is yet to come is not believed. */
  readonly startMs = Date.now() - 60_000;
  day = "";
  holidaySetId!: Id;

  /** All days are working days. */
  async open(): Promise<void> {
    this.server = await agentServer(database, { checks: registry });
    const { tenant, agents } = await seedFleet(this.server, 1);
    this.agent = agents[0]!;
    this.ctx = contextFor(this.server.services, tenant);
    const calendars = await calendarsOf(this.server.services, tenant.providerId);
    this.day = calendars.workingTime(null, "service").dateOf(this.startMs);
    await this.change("service", { workingDays: [...everyDay] });
    this.holidaySetId = (await listCalendars({ ctx: this.ctx, input: {} })).holidaySets[0]!.holidaySetId;
    // Today may be Christmas: put in and taken out it is an ordinary day.
    await this.holiday();
    await this.workday();
    expect((await this.agent.connect()).type).toBe("welcome");
  }

  async change(purpose: "service" | "quiet", input: object): Promise<void> {
    const { calendars } = await listCalendars({ ctx: this.ctx, input: {} });
    const { calendarId } = calendars.find(({ houseUses }) => houseUses.includes(purpose))!;
    await changeCalendar({ ctx: this.ctx, input: { calendarId, ...input } });
  }
  workday = () => deleteHoliday({ ctx: this.ctx, input: { holidaySetId: this.holidaySetId, day: this.day } });
  holiday = () => putHoliday({ ctx: this.ctx, input: { holidaySetId: this.holidaySetId, day: this.day, name: "Betriebsfest", spans: [] } });

  async measured(level: number, at: number): Promise<void> {
    this.agent.batch([{ at, ok: tankSample({ A: level }) as never }]);
    await this.agent.stored();
  }

  rows = <Row extends object>(text: string) => database.transaction(this.ctx, (tx) => tx.sql<Row>(text));
  findings = () =>
    this.rows<{ opened: number; closed: number | null }>(
      `select extract(epoch from opened_at)::float8 * 1000 as opened, extract(epoch from closed_at)::float8 * 1000 as closed from finding where check_id = 'tank' order by opened_at, finding_id`,
    );
  notices = async () =>
    (await this.rows<{ kind: string }>("select kind from finding_notice order by finding_notice_id")).map(({ kind }) => kind);
  periods = () =>
    this.rows<{ kind: string; calendar_key: string }>("select kind, calendar_key from check_settings_period order by noted_at");

  openCount = async () => (await this.findings()).filter(({ closed }) => closed === null).length;
  /** The gateway hears of it by the bus and commits a moment later. */
  untilOpen = (count: number) => until(`${count} open findings`, async () => (await this.openCount()) === count);
}

test("AV-4 a holiday that is put in closes what is judged by working days without a new sample, and taken out opens it again, each told once", async () => {
  const house = new House();
  await house.open();
  await house.measured(90, house.startMs);
  expect(await house.openCount()).toBe(1);
  await house.holiday();
  await house.untilOpen(0);
  await house.workday();
  await house.untilOpen(1);
  expect(await house.notices()).toEqual(["opened", "closed", "opened"]);

  // What does not change the service hours of its place judges nothing again.
  const periods = await house.periods();
  expect(periods.map(({ kind }) => kind)).toEqual(["started", "rejudged", "rejudged"]);
  expect(new Set(periods.map(({ calendar_key }) => calendar_key)).size).toBe(2);
  await house.change("quiet", { workingDays: [1] });
  await house.change("service", { name: "Servicezeit des Hauses" });
  await house.measured(91, house.startMs + 10);
  expect(await house.periods()).toHaveLength(3);
  expect(await house.notices()).toEqual(["opened", "closed", "opened"]);
  house.agent.drop();
  await house.server.close();
});

test("a replay judges each sample by the calendar that held when it came, also what changed while the device was away", async () => {
  const house = new House();
  await house.open();
  const { startMs } = house;
  const step = (index: number) => startMs + index * 10;
  await house.measured(90, step(0));
  await house.measured(95, step(1));
  await house.holiday();
  await house.untilOpen(0);
  await house.measured(96, step(2));
  house.agent.drop();
  await house.workday();
  expect((await house.agent.connect()).type).toBe("welcome");
  // It was away when the calendar changed: its next sample is the first by the new one.
  await house.measured(97, step(3));
  await house.untilOpen(1);
  await house.measured(50, step(4));
  await house.holiday();
  await until("four periods", async () => (await house.periods()).length === 4);

  const check = compileChecks(registry).get(tank.id)!;
  const raised = (await house.findings()).map(({ opened, closed }) => [Math.round(opened), Math.round(closed!)]);
  expect(raised).toHaveLength(2);
  expect(raised.every(([opened, closed]) => closed! > opened!)).toBe(true);
  const { deviceId } = house.agent;
  const present = (await calendarsOf(house.server.services, house.ctx.providerId)).workingTime(null, "service");
  const trace = await database.transaction(house.ctx, (tx) =>
    replayAsJudged(
      tx,
      check,
      house.ctx.providerId,
      { deviceId, checkNumber: 0 },
      { fromMs: startMs - 60_000, toMs: startMs + 600_000 },
      present,
    ),
  );
  expect(trace!.findings.map(({ openedMs, closedMs }) => [openedMs, closedMs!])).toEqual(raised as [number, number][]);

  // Today is a holiday by now: by today's calendar alone nothing would have been raised.
  const replays = useReplays(house.server.services, new Replays(compileChecks(registry), replayHere(compileChecks(registry))));
  const { replayId } = await startReplay({
    ctx: house.ctx,
    input: {
      policyId: null,
      customerId: null,
      name: "Tanks",
      checks: [{ check: tank.id, instance: "", enabled: true, everySeconds: 60, settings: {} }],
      assignments: [{ scope: "provider", scopeId: "" }],
      check: tank.id,
      instance: "",
      days: 2,
    },
  });
  await replays.idle();
  expect((await getReplay({ ctx: house.ctx, input: { replayId } })).result).toMatchObject({ samples: 5, findings: 2 });
  house.agent.drop();
  await house.server.close();
});
