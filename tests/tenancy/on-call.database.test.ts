/** People on call and recipients that are people: told of nothing that their account does not show them, whenever it was restricted. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { getFinding } from "@hauswart/server/findings/get-finding.ts";
import { acknowledgeByLink } from "@hauswart/server/routing/links/acknowledge-by-link.ts";
import { getAcknowledgement } from "@hauswart/server/routing/links/get-acknowledgement.ts";
import { previewRouting } from "@hauswart/server/routing/preview-routing.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { describe, expect, setDefaultTimeout, test } from "bun:test";

setDefaultTimeout(60_000);
const stage = routingStage();

const setAccount = (accountId: Id, set: string, ...values: unknown[]) =>
  stage.database.unwalled("a test", (tx) => tx.sql(`update hauswart.account set ${set} where account_id = $1`, [accountId, ...values]));
/** The findings of these tests are of the first customer. */
const restrict = (accountId: Id, customerIds: readonly Id[]) =>
  setAccount(accountId, "reach = 'include', customer_ids = $2::uuid[]", customerIds);
const toAnother = (accountId: Id) => restrict(accountId, [stage.tenant.second.customerId]);
const opened = async () => (await stage.apply(stage.change("open")))[0]!.findingId;
const mailNotes = async (findingId: Id) =>
  (await getFinding({ ctx: stage.ctx(), input: { findingId } })).events.flatMap(({ kind, note }) => (kind === "mailed" ? [note] : []));
const linkIn = () =>
  /https:\/\/hauswart\.example\/acknowledge#token=([\w-]+)/.exec(stage.mailServer.mails.splice(0)[0]!.message.text!)![1]!;
const preview = () => previewRouting({ ctx: stage.ctx(), input: { deviceId: stage.deviceId, check: "device", severity: "failure" } });

describe("somebody on call", () => {
  test.each([
    ["is restricted to another customer", toAnother],
    [
      "reaches all but this customer",
      (id: Id) => setAccount(id, "reach = 'exclude', customer_ids = $2::uuid[]", [stage.tenant.first.customerId]),
    ],
    ["may only read", (id: Id) => setAccount(id, "role = 'read-only'")],
  ])("who %s is passed over, and the history says so", async (_, change) => {
    const { anna } = await stage.onCall();
    await change(anna);
    await stage.recipient({ channel: "ntfy", address: stage.at("/anna"), accountId: anna, onCallOnly: true });
    const findingId = await opened();
    await stage.due();
    expect(stage.who()).toEqual(["clara"]);
    expect(stage.received).toEqual([]);
    expect(await mailNotes(findingId)).toEqual(
      expect.arrayContaining([
        "Bereitschaft, Stufe 1: Anna übergangen, weil die Rechte für diesen Kunden fehlen.",
        "Bereitschaft, Stufe 2: Clara benachrichtigt.",
      ]),
    );
    const { answers, onCallNobody } = await preview();
    expect(answers.flatMap(({ name, outcome, why }) => (name === "Anna" ? [[outcome, why]] : []))).toEqual([["not-told", "no-access"]]);
    expect(onCallNobody).toBe(true);
  });

  test("who reaches this customer is called about it alone; the other customer's finding goes to the next", async () => {
    const { anna } = await stage.onCall();
    await restrict(anna, [stage.tenant.first.customerId]);
    const { customerId, siteId } = stage.tenant.second;
    await stage.apply(
      stage.change("open"),
      stage.change("open", "down", { scope: { ...stage.change("open").scope, customerId, siteId, deviceId: null } }),
    );
    await stage.due();
    // What follows on a call within a minute is gathered.
    await stage.later(1);
    const mails = stage.mailServer.mails
      .splice(0)
      .map(({ recipients, message }) => [recipients.join().split("-")[0], message.text!] as const);
    expect(new Set(mails.map(([who]) => who))).toEqual(new Set(["anna", "clara"]));
    const text = Object.fromEntries(mails);
    expect([text["anna"]!.includes("Second Customer"), text["clara"]!.includes("Second Customer")]).toEqual([false, true]);
  });

  test.each([
    ["restricted", toAnother],
    ["made a reader", (id: Id) => setAccount(id, "role = 'read-only'")],
  ])("who was %s after the call neither sees nor acknowledges anything by the link", async (_, change) => {
    const { anna } = await stage.onCall();
    const findingId = await opened();
    await stage.due();
    const token = linkIn();
    await change(anna);
    expect(await codeOf(getAcknowledgement({ caller: stage.caller(), input: { token } }))).toBe("LINK_INVALID");
    expect(await codeOf(acknowledgeByLink({ caller: stage.caller(), input: { token } }))).toBe("LINK_INVALID");
    expect((await getFinding({ ctx: stage.ctx(), input: { findingId } })).state).toBe("open");
    await setAccount(anna, "role = 'technician', reach = 'all', customer_ids = '{}'");
    expect(await acknowledgeByLink({ caller: stage.caller(), input: { token } })).toMatchObject({ findings: [{ by: "Anna" }] });
  });

  test("who was restricted after the call hears no all-clear about it", async () => {
    const { anna } = await stage.onCall();
    await opened();
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    await toAnother(anna);
    await stage.apply(stage.change("close"));
    await stage.due();
    expect(stage.who()).toEqual([]);
  });
});

describe("a recipient that is a person", () => {
  test.each([
    ["is restricted to another customer", toAnother],
    ["is disabled", (id: Id) => setAccount(id, "disabled_at = now()")],
  ])("and %s is told nothing, on no channel; the finding was told to nobody", async (_, change) => {
    const anna = await stage.person("Anna");
    await stage.recipient({ address: "anna@house.example", accountId: anna });
    await stage.recipient({ channel: "ntfy", address: stage.at("/anna"), accountId: anna });
    await change(anna);
    const findingId = await opened();
    await stage.due();
    expect([stage.mailed(), stage.received]).toEqual([[], []]);
    expect(await mailNotes(findingId)).toEqual([expect.stringContaining("niemand wurde benachrichtigt")]);
    expect((await preview()).answers.map(({ outcome, why }) => [outcome, why])).toEqual([
      ["not-told", "no-access"],
      ["not-told", "no-access"],
    ]);
  });

  test("and is disabled in the quiet hours gets no digest of them", async () => {
    const anna = await stage.person("Anna");
    await stage.recipient({ address: "anna@house.example", accountId: anna, quiet: true, quietExcept: null });
    stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
    await opened();
    await setAccount(anna, "disabled_at = now()");
    await stage.later(12 * 60);
    expect(stage.mailed()).toEqual([]);
  });

  test("reads on as long as it reaches the customer, whatever its role", async () => {
    const anna = await stage.person("Anna", "read-only");
    await restrict(anna, [stage.tenant.first.customerId]);
    await stage.recipient({ address: "anna@house.example", accountId: anna });
    await opened();
    await stage.due();
    expect(stage.mailed()).toHaveLength(1);
  });
});
