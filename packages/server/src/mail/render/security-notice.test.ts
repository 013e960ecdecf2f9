import { expect, test } from "bun:test";
import { formatFor, languages } from "@hauswart/protocol/format.ts";
import { renderSecurityNotice, type SecurityNotice } from "./security-notice.ts";

const address = "192.0.2.7";
/** One of each kind; the record makes sure that none is forgotten. */
const notices: Readonly<Record<SecurityNotice["kind"], SecurityNotice>> = {
  "recovery-code-used": { kind: "recovery-code-used", left: 3, address },
  "factor-added": { kind: "factor-added", factor: "passkey", address },
  "factor-removed": { kind: "factor-removed", factor: "totp", address },
  "factors-taken": { kind: "factors-taken", by: "Olga <b>Owner</b>" },
  "recovery-codes-made": { kind: "recovery-codes-made", address },
  "issuer-linked": { kind: "issuer-linked", issuer: "Hausverzeichnis", address },
  "account-made": {
    kind: "account-made",
    issuer: "Hausverzeichnis",
    accountId: "018f0000-0000-7000-8000-000000000001",
    name: "Neu <b>Hier",
    email: "neu@systemhaus.example",
    address,
  },
  "session-stolen": {
    kind: "session-stolen",
    signedIn: { browser: "Firefox", system: "Linux" },
    used: { browser: undefined, system: undefined },
    address,
  },
  "break-glass-made": { kind: "break-glass-made", owner: "Olga" },
  "break-glass-used": { kind: "break-glass-used", owner: "Olga", address },
};
const render = (notice: SecurityNotice, language: "de" | "en") =>
  renderSecurityNotice({
    language,
    format: formatFor(language, "Europe/Berlin"),
    nowMs: Date.UTC(2026, 2, 2, 10),
    providerName: "Systemhaus",
    consoleUrl: "https://hauswart.example.com",
    notice,
  });
const all = languages.flatMap((language) => Object.values(notices).map((notice) => [language, notice.kind, notice] as const));

test.each(all)("in %s %s says what, when and from where, in both parts", (language, _, notice) => {
  const { subject, text, html } = render(notice, language);
  expect(subject).toEndWith(" (Systemhaus)");
  expect(text.replaceAll(/\s+/g, " ")).toContain(language === "de" ? "02.03.2026, 11:00" : "2 Mar 2026, 11:00");
  if ("address" in notice) expect([text.includes(address), html.includes(address)]).toEqual([true, true]);
  expect(`${subject}${text}${html}`).not.toMatch(/undefined|null|\[object/);
  expect(text).toContain("https://hauswart.example.com/");
});

test("each kind has words of its own, and German is not English", () => {
  const subjects = all.map(([language, , notice]) => render(notice, language).subject);
  expect(new Set(subjects).size).toBe(all.length);
});

test("a new account is told of with a button to it", () => {
  const { text, html } = render(notices["account-made"], "de");
  const link = "https://hauswart.example.com/users?user=018f0000-0000-7000-8000-000000000001";
  expect([text.includes(link), html.includes(`href="${link}"`)]).toEqual([true, true]);
  expect(text).toContain("neu@systemhaus.example");
});

test("names stay text", () => {
  expect(render(notices["account-made"], "en").html).not.toContain("<b>Hier");
  expect(render(notices["factors-taken"], "en").html).not.toContain("<b>Owner");
});
