import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { expect, test } from "bun:test";
import { sealedBox, temporarySealedBox } from "../secrets/sealed-box.ts";
import { accessLinkMark, hasAccessLink, withoutAccessLink } from "./access-link.ts";
import { actionLinkLifeMs, actionLinkMark, openActionToken, withActionLinks } from "./action-links.ts";

const secrets = temporarySealedBox();
const createdAtMs = Date.UTC(2026, 10, 20, 9);
const mail = { providerId: newId(), mailId: newId(), createdAtMs };
const findingId = newId();
const url = "https://hauswart.example";

const sent = (body: string) => withActionLinks(body, mail, secrets, url);
const tokenIn = (body: string) => /#token=([\w-]+)/.exec(body)![1]!;
const open = (token: string, nowMs = createdAtMs) => openActionToken(token, "repair-order", secrets, nowMs);
const fails = (token: string, nowMs = createdAtMs) => codeOf(Promise.try(() => open(token, nowMs)));

test("a mark becomes a link when the mail leaves, and the link tells what it is for", () => {
  const body = sent(`Order: ${actionLinkMark("repair-order", findingId)}\nOpen: ${url}/findings/${findingId}`);
  expect(body).toMatch(/^Order: https:\/\/hauswart\.example\/order#token=[\w-]+\nOpen: https:\/\/hauswart\.example\/findings\//);
  expect(open(tokenIn(body))).toEqual({ action: "repair-order", providerId: mail.providerId, mailId: mail.mailId, subjectId: findingId });
});

test("several links of one mail lead to different things", () => {
  const other = newId();
  const body = sent(`${actionLinkMark("repair-order", findingId)} ${actionLinkMark("repair-order", other)}`);
  const subjects = [...body.matchAll(/#token=([\w-]+)/g)].map(([, token]) => open(token!).subjectId);
  expect(subjects).toEqual([findingId, other]);
});

test("what the outbox shows has no link in it", () => {
  const mark = actionLinkMark("repair-order", findingId);
  const shown = withoutAccessLink(`<a href="${mark}">Reparatur</a> ${mark}`, "de");
  expect(shown).toBe("<a>Reparatur</a> [Der Link steht nur in der Mail selbst.]");
});

test("a mail with links that act can be sent again, one with a link that lets somebody in cannot", () => {
  expect(hasAccessLink(`Judge: ${actionLinkMark("verdict", findingId)}\n`)).toBe(false);
  for (const letter of [`Accept: ${accessLinkMark}`, `Accept:\n${accessLinkMark}\n\n--`]) expect(hasAccessLink(letter)).toBe(true);
});

test("a link ends fourteen days after its mail was written, however late it was sent", async () => {
  const token = tokenIn(sent(actionLinkMark("repair-order", findingId)));
  expect(open(token, createdAtMs + actionLinkLifeMs - 1).subjectId).toBe(findingId);
  expect(await fails(token, createdAtMs + actionLinkLifeMs)).toBe("LINK_INVALID");
});

test("altered, cut, foreign and empty tokens open nothing", async () => {
  const token = tokenIn(sent(actionLinkMark("repair-order", findingId)));
  const bytes = Buffer.from(token, "base64url");
  bytes[30]! ^= 1;
  const foreign = tokenIn(withActionLinks(actionLinkMark("repair-order", findingId), mail, sealedBox(new Uint8Array(32)), url));
  const wrongPlace = secrets.seal(Buffer.alloc(54, 255), { table: "mail", row: "another" }).toString("base64url");
  const tooShort = secrets.seal(Buffer.alloc(8), { table: "mail", row: "action/repair-order" }).toString("base64url");
  for (const wrong of [bytes.toString("base64url"), token.slice(0, -4), foreign, wrongPlace, tooShort, "", "token"])
    expect(await fails(wrong)).toBe("LINK_INVALID");
});
