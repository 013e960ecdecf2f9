/** Alarms that reach nobody, however that happens: never told in the histories, never lost without a word. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createECDH, randomBytes } from "node:crypto";
import { getFinding } from "../../findings/get-finding.ts";
import { watchSelf } from "../../operation/self-report.ts";
import { getServerReport } from "../../operation/get-server-report.ts";
import { getPushKey } from "../../routing/push/get-push-key.ts";
import { createPushSubscription } from "../../routing/push/create-push-subscription.ts";
import { deleteAccount } from "../../access/accounts/delete-account.ts";
import { deleteRecipient } from "../../routing/recipients/delete-recipient.ts";
import { composeMails } from "../compose/compose-mails.ts";
import { listRecipients } from "../../routing/recipients/list-recipients.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

beforeEach(() => {
  for (const address of [refused, refusedOnCall]) stage.mailServer.behaviour.refusedRecipients.add(address);
});
const opened = async () => {
  const [effect] = await stage.apply(stage.change("open"));
  await stage.due();
  return effect!.findingId;
};
const notes = async (findingId: Id) =>
  (await getFinding({ ctx: stage.ctx(), input: { findingId } })).events.flatMap(({ kind, note }) => (kind === "mailed" ? [note] : []));
const nobodyTold = async () => /^hauswart_findings_nobody_told_total (\d+)/m.exec(await stage.services.metrics.text())?.[1] ?? "0";
const problems = async () =>
  (await getServerReport({ ctx: stage.ctx() } as Parameters<typeof getServerReport>[0])).problems.flatMap(
    ({ code, subject, severity, evidence }) => (code === "address-unreachable" ? [{ subject, severity, untold: evidence["untold"] }] : []),
  );
const unreachable = async () =>
  (await listRecipients({ ctx: stage.ctx(), input: { limit: 100 } })).items.map(({ unreachable: why }) => why?.reason ?? null);
const refused = "refused@customer.example";
const refusedOnCall = "refused-anna@house.example";
const nobodyElse = "Sonst wurde niemand benachrichtigt: Von diesem Befund weiß niemand.";
const ofCustomer = () => ({ customerId: stage.tenant.first.customerId });

describe("ALM-1 a mail that is refused", () => {
  test("counts as not told: in the history, to the house, and for the recovery", async () => {
    await stage.recipient({ ...ofCustomer(), address: refused });
    const findingId = await opened();
    expect((await notes(findingId)).slice(-2)).toEqual([expect.stringContaining(`Die Mail an ${refused} wurde abgelehnt: `), nobodyElse]);
    expect(await nobodyTold()).toBe("1");
    expect(await problems()).toEqual([{ subject: refused, severity: "failure", untold: 1 }]);
    await stage.apply(stage.change("close"));
    await stage.due();
    expect(stage.mailed()).toEqual([]);
  });

  test("for one of two readers is a finding of the house, and nobody is called", async () => {
    await stage.recipient({ ...ofCustomer(), address: refused });
    await stage.recipient({ ...ofCustomer(), address: "taken@customer.example" });
    await opened();
    expect(await nobodyTold()).toBe("0");
    expect(await problems()).toEqual([{ subject: refused, severity: "warning", untold: 0 }]);
  });

  test("calls who is on call by then", async () => {
    await stage.recipient({ ...ofCustomer(), address: refused });
    await stage.apply(stage.change("open"));
    await stage.onCall();
    await stage.due();
    stage.mailed();
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    expect(await nobodyTold()).toBe("0");
  });

  test("to somebody on call is not waited for", async () => {
    const { anna } = await stage.onCall();
    await stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.account set email = $2 where account_id = $1", [anna, refusedOnCall]),
    );
    await opened();
    expect(stage.who()).toEqual([]);
    await stage.later(1.1);
    expect(stage.who()).toEqual(["clara"]);
    expect(await problems()).toEqual([{ subject: refusedOnCall, severity: "warning", untold: 0 }]);
  });
});

describe("ALM-1 a call to somebody on call that does not arrive", () => {
  const isRefused = (accountId: Id) => {
    const address = `refused-${accountId}@house.example`;
    stage.mailServer.behaviour.refusedRecipients.add(address);
    return stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.account set email = $2 where account_id = $1", [accountId, address]),
    );
  };

  /** Olga and Otto are called together, Anna half an hour later. */
  async function ownersFirst() {
    const [otto, wanda] = [await stage.person("Otto", "owner"), await stage.person("Wanda")];
    const { olga } = await stage.onCall([
      { afterMinutes: 0, to: { kind: "owners" } },
      { afterMinutes: 30, to: { kind: "account", accountId: wanda } },
    ]);
    return { olga, otto };
  }

  test("leaves its time to who has it, where several are called", async () => {
    const { otto } = await ownersFirst();
    await isRefused(otto);
    await opened();
    expect(stage.who()).toEqual(["olga"]);
    await stage.later(28);
    expect(stage.who()).toEqual([]);
    await stage.later(2);
    expect(stage.who()).toEqual(["wanda"]);
  });

  test("is passed on when none of several has it, also when that is known at the same moment", async () => {
    const { olga, otto } = await ownersFirst();
    await isRefused(otto);
    await isRefused(olga);
    await opened();
    await stage.later(1.1);
    expect(stage.who()).toEqual(["wanda"]);
  });

  test.each([
    { status: 202, soon: [], inTime: ["clara"], how: "leaves its time to who has it on the phone" },
    { status: 404, soon: ["clara"], inTime: [], how: "is passed on when the phone has not had it either" },
  ])("$how", async ({ status, soon, inTime }) => {
    const { anna } = await stage.onCall();
    await isRefused(anna);
    await stage.recipient({ channel: "ntfy", address: stage.at("/anna"), accountId: anna, onCallOnly: true });
    stage.answer = () => new Response("1", { status });
    await opened();
    expect(stage.received).toHaveLength(1);
    await stage.later(1.1);
    expect(stage.who()).toEqual([...soon]);
    await stage.later(13.9);
    expect(stage.who()).toEqual([...inTime]);
  });
});

describe("ALM-1 a channel that takes nothing", () => {
  test("a Teams workflow that was deleted, the only recipient: nobody was told, and the house is told so", async () => {
    await stage.recipient({ ...ofCustomer(), channel: "teams", address: stage.at("/workflows/abc") });
    stage.answer = () => new Response("gone", { status: 404 });
    const findingId = await opened();
    expect((await notes(findingId)).slice(-2)).toEqual([
      expect.stringMatching(/^Die Nachricht an Teams 127\.0\.0\.1:\d+ #[0-9a-f]{4} ist nicht angekommen: /),
      nobodyElse,
    ]);
    expect(await nobodyTold()).toBe("1");
    expect(await problems()).toEqual([{ subject: expect.stringMatching(/^Teams 127/), severity: "failure", untold: 1 }]);
    stage.answer = () => new Response("1", { status: 202 });
    stage.services.clock.advance(120_000);
    await stage.apply(stage.change("close"), stage.change("open", "silent", { atMs: stage.services.clock.now() + 1 }));
    await stage.due();
    expect([await unreachable(), await problems()]).toEqual([[null], []]);
  });

  test("one of two workflows of a region: the other one is told of it, and they stay two", async () => {
    const broken = await stage.recipient({ ...ofCustomer(), channel: "teams", address: stage.at("/workflows/abc") });
    await stage.recipient({ customerId: null, channel: "teams", address: stage.at("/workflows/def"), fromSeverity: "warning" });
    stage.answer = (request) => new Response("", { status: request.url.endsWith("/abc") ? 404 : 202 });
    await opened();
    const { items } = await listRecipients({ ctx: stage.ctx(), input: { limit: 100 } });
    const { address } = items.find(({ recipientId }) => recipientId === broken.recipientId)!;
    expect(await problems()).toMatchObject([{ subject: `Teams ${address}`, severity: "warning" }]);
    expect(new Set(items.map((one) => one.address)).size).toBe(2);
    await watchSelf(stage.services);
    await composeMails(stage.services, stage.tenant.providerId);
    await stage.due();
    const told = stage.received.filter(({ path, body }) => path.endsWith("/def") && body.includes(address));
    expect(told).toHaveLength(1);
  });

  test("an ntfy server that is down for an hour", async () => {
    await stage.recipient({ ...ofCustomer(), channel: "ntfy", address: stage.at("/alarms") });
    stage.answer = () => new Response("later", { status: 503 });
    const findingId = await opened();
    expect(await nobodyTold()).toBe("0");
    await stage.later(61);
    expect(await nobodyTold()).toBe("1");
    expect((await notes(findingId)).at(-1)).toBe(nobodyElse);
  });
});

describe("ALM-1 a person's browsers", () => {
  const keys = () => {
    const ecdh = createECDH("prime256v1");
    return { p256dh: ecdh.generateKeys("base64url"), auth: randomBytes(16).toString("base64url") };
  };
  const anna = async (...browsers: string[]) => {
    const accountId = await stage.person("Anna");
    const ctx = stage.ctx({ actor: { kind: "technician", id: accountId, name: "Anna", sessionId: newId() } });
    await getPushKey({ ctx, input: {} });
    for (const deviceName of browsers)
      await createPushSubscription({ ctx, input: { endpoint: stage.at(`/push/${accountId}/${deviceName}`), deviceName, ...keys() } });
    await stage.recipient({ ...ofCustomer(), channel: "push", accountId });
  };

  test("none is left: the history does not say that somebody was told", async () => {
    await anna();
    const findingId = await opened();
    expect(await notes(findingId)).toEqual([expect.stringContaining("Es ist kein Browser angemeldet."), nobodyElse]);
    expect(await nobodyTold()).toBe("1");
    expect(await problems()).toMatchObject([{ severity: "failure", untold: 1 }]);
  });

  test("one's key is none: the message is not made, and not tried for ever", async () => {
    await anna("phone");
    await stage.database.unwalled("break the key", (tx) => tx.sql("update hauswart.push_subscription set p256dh = $1", ["p".repeat(87)]));
    const findingId = await opened();
    expect(await notes(findingId)).toEqual([expect.any(String), expect.stringContaining("the message could not be made"), nobodyElse]);
    expect(await nobodyTold()).toBe("1");
  });

  test("one of two has taken it: told; both are gone: not", async () => {
    await anna("phone", "desk");
    stage.answer = (request) => new Response(null, { status: request.url.endsWith("phone") ? 201 : 410 });
    await opened();
    expect([await nobodyTold(), await unreachable()]).toEqual(["0", [null]]);
    stage.answer = () => new Response(null, { status: 410 });
    stage.services.clock.advance(120_000);
    await stage.apply(stage.change("open", "other"));
    await stage.due();
    expect(await nobodyTold()).toBe("1");
    expect(await problems()).toMatchObject([{ severity: "failure", untold: 1 }]);
  });

  test("both go at the same moment: it is noticed once", async () => {
    await anna("phone", "desk");
    stage.answer = () => new Response(null, { status: 410 });
    const findingId = await opened();
    expect((await notes(findingId)).filter((note) => note === nobodyElse)).toHaveLength(1);
    expect(await nobodyTold()).toBe("1");
  });
});

test("a digest whose only reader was disabled meanwhile leaves nobody who knows", async () => {
  const accountId = await stage.person("Anna");
  await stage.recipient({ address: "anna@house.example", accountId, quiet: true, quietExcept: null });
  stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
  const findingId = await opened();
  await stage.database.unwalled("a test", (tx) =>
    tx.sql("update hauswart.account set disabled_at = now() where account_id = $1", [accountId]),
  );
  await stage.later(12 * 60);
  expect((await notes(findingId)).at(-1)).toBe(nobodyElse);
});

describe("ALM-1 a recipient who is removed", () => {
  const night = () => stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
  const removed = "Keine Nachricht an quiet@house.example: Der Empfänger wurde vorher entfernt.";

  test("while an alarm waits for the end of the quiet hours: the history says so, and it is counted", async () => {
    const { recipientId } = await stage.recipient({ address: "quiet@house.example", quiet: true, quietExcept: null });
    night();
    const findingId = await opened();
    await deleteRecipient({ ctx: stage.ctx(), input: { recipientId } });
    expect((await notes(findingId)).slice(-2)).toEqual([removed, nobodyElse]);
    expect(await nobodyTold()).toBe("1");
  });

  test("calls who is on call by then, and with the account it is the same", async () => {
    const accountId = await stage.person("Anna");
    await stage.recipient({ address: "quiet@house.example", accountId, quiet: true, quietExcept: null });
    night();
    const findingId = await opened();
    await stage.onCall();
    const owner = { kind: "technician", id: await stage.person("Olga", "owner"), name: "Olga", sessionId: newId() } as const;
    await deleteAccount({ ctx: stage.ctx({ actor: owner }), input: { accountId } });
    expect(await notes(findingId)).toContain(removed);
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    expect(await nobodyTold()).toBe("0");
  });

  test("while a message waits to be taken again; who has been told by another way is enough", async () => {
    stage.answer = () => new Response(null, { status: 503 });
    const about = { channel: "ntfy", address: stage.at("/alarms") } as const;
    const { recipientId } = await stage.recipient(about);
    const findingId = await opened();
    await deleteRecipient({ ctx: stage.ctx(), input: { recipientId } });
    expect((await notes(findingId)).at(-1)).toBe(nobodyElse);
    await stage.recipient({ address: "taken@house.example" });
    const second = await stage.recipient(about);
    stage.services.clock.advance(120_000);
    const [other] = await stage.apply(stage.change("open", "other"));
    await stage.due();
    await deleteRecipient({ ctx: stage.ctx(), input: { recipientId: second.recipientId } });
    expect((await notes(other!.findingId)).at(-1)).toContain("Der Empfänger wurde vorher entfernt.");
    expect(await nobodyTold()).toBe("1");
  });

  test("once everything was told leaves no word", async () => {
    const { recipientId } = await stage.recipient({ channel: "ntfy", address: stage.at("/alarms") });
    const findingId = await opened();
    const before = await notes(findingId);
    await deleteRecipient({ ctx: stage.ctx(), input: { recipientId } });
    expect(await notes(findingId)).toEqual(before);
    expect(await nobodyTold()).toBe("0");
  });
});
