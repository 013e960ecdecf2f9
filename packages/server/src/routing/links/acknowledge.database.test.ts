import { codeOf } from "@hauswart/testkit/code-of.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { listAudit } from "../../audit/list-audit.ts";
import type { Tenant, Tx } from "../../database/database.ts";
import { getFinding } from "../../findings/get-finding.ts";
import type { Services } from "../../services.ts";
import { acknowledgeByLink } from "./acknowledge-by-link.ts";
import { getAcknowledgement } from "./get-acknowledgement.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

describe("the link in a mail to somebody on call", () => {
  const linkIn = () =>
    /https:\/\/hauswart\.example\/acknowledge#token=([\w-]+)/.exec(stage.mailServer.mails.splice(0)[0]!.message.text!)![1]!;

  test("shows what it is about as often as it is opened, and acknowledges once, in the person's name", async () => {
    await stage.onCall();
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    const token = linkIn();
    for (let looks = 0; looks < 5; looks++)
      expect(await getAcknowledgement({ caller: stage.caller(), input: { token } })).toMatchObject({
        name: "Anna",
        findings: [{ state: "open" }],
      });
    expect(await acknowledgeByLink({ caller: stage.caller(), input: { token } })).toMatchObject({
      findings: [{ state: "acknowledged", by: "Anna" }],
    });
    expect(await codeOf(acknowledgeByLink({ caller: stage.caller(), input: { token } }))).toBe("LINK_INVALID");
    await stage.later(60);
    expect(stage.mailed()).toEqual([]);
    const finding = await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } });
    expect(finding.acknowledgement?.by).toBe("Anna");
  });

  test("of two presses at the same time one acts", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    const token = linkIn();
    const press = () =>
      acknowledgeByLink({ caller: stage.caller(), input: { token } }).then(
        () => "done",
        () => "refused",
      );
    expect((await Promise.all([press(), press()])).sort()).toEqual(["done", "refused"]);
  });

  test("is not used up by a press that dies before it has acknowledged; the log names the call, not a session", async () => {
    const { anna } = await stage.onCall();
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    const token = linkIn();
    const { database } = stage.services;
    const dying = new Proxy(database, {
      get: (target, name) =>
        name !== "transaction"
          ? Reflect.get(target, name)
          : (tenant: Tenant, work: (tx: Tx) => Promise<unknown>) =>
              target.transaction(tenant, (tx) =>
                work({
                  ...tx,
                  afterCommit: (then) => tx.afterCommit(then),
                  sql: (text, values) => {
                    if (text.includes("update hauswart.finding ")) throw new Error("died");
                    return tx.sql(text, values);
                  },
                }),
              ),
    });
    const press = (services: Services) =>
      acknowledgeByLink({ caller: { ...stage.caller(), services }, input: { token } }).then(
        () => "done",
        (error: Error) => error.message,
      );
    expect(await press({ ...stage.services, database: dying })).toBe("died");
    expect(await press(stage.services)).toBe("done");
    const { findingId } = effect!;
    const [entry] = (await listAudit({ ctx: stage.ctx(), input: { limit: 1, action: "finding.acknowledge", subject: findingId } })).items;
    expect(entry!.actor).toMatchObject({ kind: "technician", id: anna, name: "Anna" });
    const [row] = await stage.database.unwalled("a test", (tx) =>
      tx.sql<{ actor: object }>("select actor from hauswart.audit_entry where action = 'finding.acknowledge' and subject_id = $1", [
        findingId,
      ]),
    );
    expect(Object.keys(row!.actor).toSorted()).toEqual(["address", "callId", "id", "kind", "name"]);
  });

  test("is not in what the outbox shows, and ends with the account", async () => {
    const { anna } = await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    const [row] = await stage.database.unwalled("a test", (tx) =>
      tx.sql<{ text: string }>("select text_body || html_body as text from hauswart.mail where provider_id = $1", [
        stage.tenant.providerId,
      ]),
    );
    expect(row!.text).not.toContain("#token=");
    const token = linkIn();
    await stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.account set disabled_at = now() where account_id = $1", [anna]),
    );
    expect(await codeOf(acknowledgeByLink({ caller: stage.caller(), input: { token } }))).toBe("LINK_INVALID");
  });
});
