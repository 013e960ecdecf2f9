import { describe, expect, test } from "bun:test";
import { formatFor, type Language } from "@hauswart/protocol/format.ts";
import { accessLinkMark, withoutAccessLink } from "../access-link.ts";
import type { Letter } from "./letter-texts.ts";
import { renderLetter } from "./render-letter.ts";

const at = Date.UTC(2026, 2, 9, 10);
const letters: readonly Letter[] = [
  { kind: "invitation", invitedBy: "Ina Haber", role: "technician", expiresAtMs: at },
  { kind: "password-reset", email: "neu@example.test", fromAddress: "192.0.2.1", expiresAtMs: at },
  { kind: "email-change", oldEmail: "alt@example.test", newEmail: "neu@example.test", fromAddress: "192.0.2.1", expiresAtMs: at },
  { kind: "email-change-notice", oldEmail: "alt@example.test", newEmail: "neu@example.test", fromAddress: "192.0.2.1", expiresAtMs: at },
  { kind: "email-change-undone", email: "alt@example.test", fromAddress: "192.0.2.1", atMs: at },
  { kind: "password-changed", email: "neu@example.test", fromAddress: "192.0.2.1", atMs: at },
];
const write = (letter: Letter, language: Language = "de", providerName = "Systemhaus") =>
  renderLetter({ language, format: formatFor(language, "Europe/Berlin"), providerName, letter, link: accessLinkMark });
const cases = letters.flatMap((letter) => (["de", "en"] as const).map((language) => [letter.kind, language, letter] as const));

describe("a mail about one's own access", () => {
  test.each(cases)("(%s, %s) says from whom, until when and where in both parts, in short lines", (_, language, letter) => {
    const { subject, text, html } = write(letter, language);
    expect(subject).toContain("Systemhaus");
    for (const part of [text.replaceAll("\n", " "), html]) {
      expect(part).toContain(formatFor(language, "Europe/Berlin").dateTime(at));
      expect(part).toContain(accessLinkMark);
    }
    expect(html).toContain(`lang="${language}"`);
    expect(text.split("\n").every((line) => line.length <= 76)).toBe(true);
    expect(text).not.toContain("undefined");
  });

  test("keeps its words apart by language", () => {
    expect(write(letters[0]!, "de").text).toContain("Ihre Rolle: Techniker.");
    expect(write(letters[0]!, "en").text).toContain("Your role: Technician.");
  });

  test("lets no name into the markup or beyond its line", () => {
    const evil = "<script>alert(1)</script>\r\nBcc: all@example.test\u202e";
    const { subject, text, html } = write({ kind: "invitation", invitedBy: evil, role: "owner", expiresAtMs: at }, "en", evil);
    expect(subject).not.toMatch(/[\r\n\u202e]/);
    expect(text).not.toContain("\nBcc:");
    expect(html).not.toContain("<script");
  });
});

test("what lets somebody in is not shown, whatever stands around it", () => {
  const { text, html } = write(letters[1]!, "en");
  const shown = { text: withoutAccessLink(text, "en"), html: withoutAccessLink(html, "en") };
  expect(shown.text).toContain("[The link is only in the mail itself.]");
  for (const part of [shown.text, shown.html]) expect(part).not.toContain("access-link");
  expect([html.includes("href"), shown.html.includes("href")]).toEqual([true, false]);
});
