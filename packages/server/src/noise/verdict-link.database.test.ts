/** ALM-1 the question in the alarm's mail whether it was right to tell: who gets it, and what a press on its page does. */
import { expect, setDefaultTimeout, test } from "bun:test";
import type { AlarmVerdict } from "@hauswart/protocol/api/noise.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { actionLinkLifeMs } from "../mail/action-links.ts";
import { getFindingVerdict } from "./get-finding-verdict.ts";
import { getNoise } from "./get-noise.ts";
import { getVerdictOffer } from "./get-verdict-offer.ts";
import { judgeByLink } from "./judge-by-link.ts";
import { judgeFinding } from "./judge-finding.ts";

setDefaultTimeout(60_000);
const stage = routingStage();

const link = /https:\/\/hauswart\.example\/verdict#token=([\w-]+)/;
const textTo = (address: string) => stage.mailServer.mails.findLast(({ recipients }) => recipients.includes(address))!.message.text!;
const look = (token: string) => getVerdictOffer({ caller: stage.caller(), input: { token } });
const press = (token: string, verdict: AlarmVerdict) => judgeByLink({ caller: stage.caller(), input: { token, verdict } });
const said = (findingId: Id) => getFindingVerdict({ ctx: stage.ctx(), input: { findingId } });

async function alarmed(): Promise<{ findingId: Id; token: string }> {
  await stage.recipient({ address: "technik@house.example" });
  const [effect] = await stage.apply(stage.change("open"));
  await stage.due();
  return { findingId: effect!.findingId, token: link.exec(textTo("technik@house.example"))![1]! };
}

test("the house's people are asked, customers are not, and what customers think counts nowhere", async () => {
  await stage.recipient({ customerId: stage.tenant.first.customerId, address: "chef@customer.example" });
  const { token } = await alarmed();
  expect(token).toMatch(/^[\w-]{60,}$/);
  expect(textTo("chef@customer.example")).not.toContain("/verdict#");
});

test("looking judges nothing, one press judges in the name of the address, and a second one is told so", async () => {
  const { findingId, token } = await alarmed();
  for (let looks = 0; looks < 3; looks++)
    expect(await look(token)).toMatchObject({
      language: "en",
      title: expect.stringContaining("Silent"),
      readers: "technik@house.example",
      said: null,
    });
  expect((await said(findingId)).verdict).toBeNull();
  expect(await press(token, "noise")).toMatchObject({ said: { verdict: "noise", by: "technik@house.example" } });
  expect(await codeOf(press(token, "useful"))).toBe("CONFLICT");
  expect(await look(token)).toMatchObject({ said: { verdict: "noise" } });
  expect(await said(findingId)).toMatchObject({ verdict: "noise", by: "technik@house.example" });
  expect((await getNoise({ ctx: stage.ctx(), input: { weeks: 4 } })).rules[0]).toMatchObject({ noise: 1 });
  const [entry] = await stage.database.unwalled("a test", (tx) =>
    tx.sql<{ detail: unknown; actor: unknown }>(
      "select detail, actor from hauswart.audit_entry where provider_id = $1 and action = 'finding.judge'",
      [stage.tenant.providerId],
    ),
  );
  expect(entry).toMatchObject({
    detail: { verdict: "noise", addresses: ["technik@house.example"] },
    actor: { kind: "system", name: "verdict-link", address: "127.0.0.1" },
  });
});

test("of two presses at the same time one counts", async () => {
  const { token } = await alarmed();
  const codes = await Promise.all([codeOf(press(token, "noise")), codeOf(press(token, "useful"))]);
  expect(codes.filter((code) => code === "CONFLICT")).toHaveLength(1);
});

test("what was judged in the console, and be it taken back, is not judged by a link any more", async () => {
  const { findingId, token } = await alarmed();
  const judge = (verdict: AlarmVerdict | null) => judgeFinding({ ctx: stage.ctx(), input: { findingId, verdict } });
  await judge("useful");
  expect(await codeOf(press(token, "noise"))).toBe("CONFLICT");
  await judge(null);
  expect(await codeOf(press(token, "noise"))).toBe("CONFLICT");
  expect(await look(token)).toMatchObject({ said: { verdict: null } });
  expect(await said(findingId)).toEqual({ verdict: null, by: null, at: null });
});

test("a call to somebody on call asks too, in that person's name", async () => {
  await stage.onCall();
  const [effect] = await stage.apply(stage.change("open"));
  await stage.due();
  const { recipients, message } = stage.mailServer.mails[0]!;
  await press(link.exec(message.text!)![1]!, "known");
  expect(await said(effect!.findingId)).toMatchObject({ verdict: "known", by: recipients.join() });
});

test("links that ran out, were altered or are for something else judge nothing", async () => {
  const { findingId, token } = await alarmed();
  for (const wrong of [token.slice(0, -4), "", "token"]) expect(await codeOf(press(wrong, "noise"))).toBe("LINK_INVALID");
  stage.services.clock.advance(actionLinkLifeMs);
  expect(await codeOf(look(token))).toBe("LINK_INVALID");
  expect(await codeOf(press(token, "noise"))).toBe("LINK_INVALID");
  expect((await said(findingId)).verdict).toBeNull();
});
