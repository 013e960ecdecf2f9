import { codeOf } from "@hauswart/testkit/code-of.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { listAudit } from "../../audit/list-audit.ts";
import { holdNotices } from "../../mail/compose/store.ts";
import { changeRecipient } from "./change-recipient.ts";

setDefaultTimeout(60_000);
const minuteMs = 60_000;
const stage = routingStage();

type Change = Parameters<typeof changeRecipient>[0]["input"];
const edit = (input: Change) => changeRecipient({ ctx: stage.ctx(), input });

describe("SVC-12 a recipient that the customer chose is changed and stays the same one", () => {
  test("what was told under the old address counts: the new one hears that it is over, and the old one nothing more", async () => {
    const { customerId } = stage.tenant.first;
    const { recipientId, revision } = await stage.recipient({ customerId, address: "anna@customer.example" });
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^anna@/)]);
    const changed = await edit({ recipientId, revision, address: "ben@customer.example" });
    expect(changed).toMatchObject({ recipientId, revision: 2, address: "ben@customer.example" });
    stage.services.clock.advance(2 * minuteMs);
    await stage.apply(stage.change("close"));
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^ben@customer\.example: (Resolved|Is back|In contact)/)]);
  });

  test("the way may change: from mail to ntfy, and what is over comes there", async () => {
    const { recipientId, revision } = await stage.recipient({ address: "anna@customer.example" });
    await stage.apply(stage.change("open"));
    await stage.due();
    stage.mailed();
    await edit({ recipientId, revision, channel: "ntfy", address: stage.at("/alarms"), token: "tk_1" });
    stage.services.clock.advance(2 * minuteMs);
    await stage.apply(stage.change("close"));
    await stage.due();
    expect(stage.mailed()).toEqual([]);
    expect(stage.received.map(({ body }) => body.toString()).join()).toContain("white_check_mark");
    expect(stage.received[0]!.headers["authorization"]).toBe("Bearer tk_1");
  });

  test("of two who edit at once the second is refused, and nothing of the first is lost", async () => {
    const { recipientId, revision } = await stage.recipient({ address: "anna@customer.example" });
    await edit({ recipientId, revision, fromSeverity: "failure" });
    expect(await codeOf(edit({ recipientId, revision, language: "de" }))).toBe("CONFLICT");
    expect(await edit({ recipientId, revision: 2, language: "de" })).toMatchObject({
      fromSeverity: "failure",
      language: "de",
      revision: 3,
    });
  });

  test("the log says what was before and after, and of a token only that there is one", async () => {
    const { recipientId, revision } = await stage.recipient({ channel: "ntfy", address: stage.at("/a") });
    await edit({ recipientId, revision, topics: ["disks"], quiet: true, token: "tk_very-secret" });
    const { items } = await listAudit({ ctx: stage.ctx(), input: { limit: 10, action: "recipient.change" } });
    expect(items[0]!.detail).toMatchObject({
      before: { topics: null, quiet: false, hasToken: false },
      change: { topics: ["disks"], quiet: true, hasToken: true },
    });
    expect(JSON.stringify(items)).not.toContain("very-secret");
  });

  test("a token stays with its server and does not follow the address to another", async () => {
    const { recipientId, revision } = await stage.recipient({ channel: "ntfy", address: stage.at("/a"), token: "tk_1" });
    expect(await edit({ recipientId, revision, address: stage.at("/b") })).toMatchObject({ hasToken: true });
    expect(await edit({ recipientId, revision: 2, address: "https://ntfy.example/b" })).toMatchObject({ hasToken: false });
    expect(await edit({ recipientId, revision: 3, token: "tk_2" })).toMatchObject({ hasToken: true });
    expect(await edit({ recipientId, revision: 4, token: null })).toMatchObject({ hasToken: false });
  });

  test("a workflow keeps its address when something else of it is changed", async () => {
    const { recipientId, revision } = await stage.recipient({ channel: "teams", address: stage.at("/workflows/abc?sig=secret") });
    await edit({ recipientId, revision, language: "de" });
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.received.map(({ path }) => path)).toEqual(["/workflows/abc"]);
  });

  test("a new address is not called unreachable for what the old one refused; the same one is until somebody says so", async () => {
    const made = await stage.recipient({ address: "anna@customer.example" });
    const { recipientId } = made;
    const refused = { since: "2026-03-02T10:00:00.000Z", via: "refused", reason: "550 unknown" } as const;
    await stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.recipient set unreachable = $2::text::jsonb where recipient_id = $1", [recipientId, JSON.stringify(refused)]),
    );
    expect((await edit({ recipientId, revision: 1, language: "de" })).unreachable).toEqual(refused);
    expect((await edit({ recipientId, revision: 2, address: "ben@customer.example" })).unreachable).toBeNull();
  });

  test("another customer takes the site away; a site of somebody else, a taken address and no address are refused", async () => {
    const { first, second } = stage.tenant;
    const { recipientId } = await stage.recipient({ customerId: first.customerId, siteId: first.siteId, address: "anna@customer.example" });
    await stage.recipient({ customerId: second.customerId, address: "ben@customer.example" });
    expect(await edit({ recipientId, revision: 1, customerId: second.customerId })).toMatchObject({
      customerId: second.customerId,
      siteId: null,
    });
    expect(await codeOf(edit({ recipientId, revision: 2, siteId: first.siteId }))).toBe("NOT_FOUND");
    expect(await codeOf(edit({ recipientId, revision: 2, address: "BEN@customer.example" }))).toBe("CONFLICT");
    expect(await codeOf(edit({ recipientId, revision: 2, channel: "teams" }))).toBe("INVALID_REQUEST");
    expect(await codeOf(edit({ recipientId, revision: 2, channel: "push" }))).toBe("INVALID_REQUEST");
  });
});

describe("what quiet hours hold back comes at once", () => {
  const night = () => stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
  const mild = { severity: "warning" } as const;

  test.each<[string, Partial<Change>, number]>([
    ["when a recipient keeps none any more", { quiet: false }, 1],
    ["when it wants what is so severe in them too, with all that waits", { quietExcept: "failure" }, 1],
    ["and not for other changes", { language: "de", fromSeverity: "warning", quietExcept: null }, 0],
  ])("%s", async (_, change, mails) => {
    const { recipientId, revision } = await stage.recipient({ address: "quiet@house.example", quiet: true, quietExcept: null });
    night();
    await stage.apply(stage.change("open", "silent"), stage.change("open", "cloned", mild));
    await stage.due();
    expect(stage.mailed()).toEqual([]);
    await edit({ recipientId, revision, ...change });
    await stage.due();
    expect(stage.mailed()).toEqual(Array(mails).fill(expect.stringMatching(/^quiet@house\.example: After quiet hours: 2 open findings/)));
  });

  test("and not what is milder than that", async () => {
    const { recipientId, revision } = await stage.recipient({ address: "quiet@house.example", quiet: true, quietExcept: null });
    night();
    await stage.apply(stage.change("open", "cloned", mild));
    await edit({ recipientId, revision, quietExcept: "failure" });
    await stage.due();
    expect(stage.mailed()).toEqual([]);
  });

  test("also what was decided just before the change", async () => {
    const { recipientId } = await stage.recipient({ address: "was-quiet@house.example" });
    night();
    const [effect] = await stage.apply(stage.change("open", "silent"));
    await stage.database.transaction(stage.ctx(), async (tx) => {
      const { providerId } = stage.tenant;
      const nowMs = stage.services.clock.now();
      await tx.sql("delete from hauswart.told where finding_id = $1", [effect!.findingId]);
      const held = { recipientId, findingId: effect!.findingId, dueAtMs: nowMs + 60 * minuteMs };
      await holdNotices(tx, providerId, stage.tenant.first.customerId, [held], nowMs);
    });
    await stage.due();
    expect(stage.mailed()).toContainEqual(expect.stringMatching(/^was-quiet@house\.example: After quiet hours: /));
  });
});
