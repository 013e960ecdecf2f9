/** What waits for a moment of working time is due by the calendar that holds, as soon as it changes. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { finishContactStep } from "../contacts/finish-contact-step.ts";
import { listContacts } from "../contacts/list-contacts.ts";
import { listDueContacts } from "../contacts/list-due-contacts.ts";
import { recordContact } from "../contacts/record-contact.ts";
import { followCalendars } from "./calendars-of.ts";
import { changeCalendar } from "./change-calendar.ts";
import { followDueTimes } from "./due-times.ts";
import { listCalendars } from "./list-calendars.ts";

setDefaultTimeout(120_000);

const stage = routingStage();

/** Changes the house's calendar and waits for what follows it. */
async function change(purpose: "service" | "quiet", input: Partial<Parameters<typeof changeCalendar>[0]["input"]>): Promise<void> {
  const { calendars } = await listCalendars({ ctx: stage.ctx(), input: {} });
  const { calendarId } = calendars.find(({ houseUses }) => houseUses.includes(purpose))!;
  const following = followDueTimes(stage.services);
  const told = Promise.withResolvers<void>();
  // Whoever follows later is told later.
  const end = followCalendars(stage.services, () => told.resolve());
  await changeCalendar({ ctx: stage.ctx(), input: { calendarId, ...input } });
  await told.promise;
  end();
  await following.stop();
}

test("ALM-3 an agreed step that is open is due by the changed service hours; one that is done stays as it was", async () => {
  // Monday, 2 March 2026, 16:00 in Berlin; the house serves until 18:00.
  stage.services.clock.set(Date.UTC(2026, 2, 2, 15));
  const [effect] = await stage.apply(stage.change("open"));
  const step = (nextStep: string) =>
    recordContact({
      ctx: stage.ctx(),
      input: {
        findingId: effect!.findingId,
        channel: "telephone",
        partner: "",
        reached: false,
        agreed: "",
        nextStep,
        nextWithinMinutes: 180,
      },
    });
  const done = await step("Angebot");
  await finishContactStep({ ctx: stage.ctx(), input: { contactId: done.contactId } });
  expect((await step("Einbau")).nextDueAt).toBe("2026-03-03T09:00:00.000Z");
  await change("service", { hours: { 1: [{ from: "09:00", to: "20:00" }] } });
  const { items } = await listContacts({ ctx: stage.ctx(), input: { limit: 10 } });
  // Both were recorded in the same millisecond, so either may stand first.
  expect(items.map(({ nextStep, nextDueAt }) => `${nextStep} ${nextDueAt}`).toSorted()).toEqual([
    "Angebot 2026-03-03T09:00:00.000Z",
    "Einbau 2026-03-02T18:00:00.000Z",
  ]);
  expect((await listDueContacts({ ctx: stage.ctx(), input: {} })).items.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
    ["next-step", "2026-03-02T18:00:00.000Z"],
  ]);
});

test("what quiet hours hold back is told once, when the changed quiet hours end", async () => {
  await stage.recipient({ address: "quiet@example.org", quiet: true, quietExcept: null });
  // Monday, 23:30 in Berlin; it is quiet until 06:00.
  stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
  await stage.apply(stage.change("open", "clock-wrong", { severity: "warning", evidence: { offsetSeconds: 900 } }));
  await stage.due();
  expect(stage.mailed()).toEqual([]);
  await change("quiet", { hours: { 1: [{ from: "20:00", to: "23:45" }] } });
  await stage.due();
  expect(stage.mailed()).toEqual([]);
  stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 45, 1));
  await stage.due();
  expect(stage.mailed()).toHaveLength(1);
  await change("quiet", { hours: {} });
  stage.services.clock.set(Date.UTC(2026, 2, 3, 5, 0, 1));
  await stage.due();
  expect(stage.mailed()).toEqual([]);
});
