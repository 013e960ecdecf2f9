import { codeOf } from "@hauswart/testkit/code-of.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { listAudit } from "../../audit/list-audit.ts";
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
