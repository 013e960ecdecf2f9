import type { CustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import { expect, test } from "bun:test";
import { draftOf, isWhole, termsOf } from "./promises-draft.ts";

const terms: CustomerTerms = {
  repair: { kind: "hourly", centsPerHour: 9_550, currency: "CHF", minutesPerStep: 15 },
  contactWithinMinutes: 90,
  alarms: "ordered",
  contactFrom: "warning",
  alarmDrill: true,
  dailyMail: {
    at: "07:30",
    recipients: [
      { address: "a@example.org", language: "en" },
      { address: "b@example.org", language: "en" },
    ],
  },
};

test("what is not changed comes back as it was", () => {
  for (const repair of [terms.repair, { kind: "included" }, { kind: "quote" }, { kind: "off" }] as const)
    expect(termsOf(draftOf({ ...terms, repair }))).toEqual({ ...terms, repair });
  const nothing: CustomerTerms = {
    repair: { kind: "quote" },
    contactWithinMinutes: null,
    alarms: "always",
    contactFrom: "failure",
    dailyMail: null,
    alarmDrill: false,
  };
  expect(termsOf(draftOf(nothing))).toEqual(nothing);
});

test("an empty or zero time promises no contact", () => {
  expect(termsOf({ ...draftOf(terms), contactHours: "" }).contactWithinMinutes).toBeNull();
  expect(termsOf({ ...draftOf(terms), contactHours: 0 }).contactWithinMinutes).toBeNull();
  expect(termsOf({ ...draftOf(terms), contactHours: 0.25 }).contactWithinMinutes).toBe(15);
});

test("addresses are told apart by lines, commas and blanks, each once", () => {
  const draft = { ...draftOf(terms), dailyRecipients: "a@example.org, b@example.org\n\n a@example.org;c@example.org " };
  expect(termsOf(draft).dailyMail?.recipients.map(({ address }) => address)).toEqual(["a@example.org", "b@example.org", "c@example.org"]);
});

test("half a form is not sent", () => {
  const draft = draftOf(terms);
  expect(isWhole(draft)).toBe(true);
  for (const change of [
    { rate: "" },
    { currency: "EU" },
    { dailyRecipients: "" },
    { dailyRecipients: "nobody" },
    { dailyAt: "" },
    { contactHours: "x" },
  ])
    expect([change, isWhole({ ...draft, ...change })]).toEqual([change, false]);
});
