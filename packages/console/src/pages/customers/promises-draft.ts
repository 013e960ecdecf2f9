/** Promises as they are being typed, and back. */
import type { CustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { RepairTerms } from "@hauswart/protocol/repair-terms.ts";

export interface PromisesDraft {
  readonly alarms: CustomerTerms["alarms"];
  readonly repair: RepairTerms["kind"];
  /** In whole currency; a text while it is being typed. */
  readonly rate: number | string;
  readonly currency: string;
  readonly minutesPerStep: number;
  /** Empty: not promised. */
  readonly contactHours: number | string;
  readonly contactFrom: CustomerTerms["contactFrom"];
  readonly alarmDrill: boolean;
  readonly hasDaily: boolean;
  readonly dailyAt: string;
  readonly dailyLanguage: Language;
  /** One address a line. */
  readonly dailyRecipients: string;
}

const usual = { centsPerHour: 9_500, currency: "EUR", minutesPerStep: 15 } as const;

export function draftOf({ alarms, repair, contactWithinMinutes, contactFrom, dailyMail, alarmDrill }: CustomerTerms): PromisesDraft {
  const { centsPerHour, currency, minutesPerStep } = repair.kind === "hourly" ? repair : usual;
  return {
    alarms,
    repair: repair.kind,
    rate: centsPerHour / 100,
    currency,
    minutesPerStep,
    contactHours: contactWithinMinutes === null ? "" : contactWithinMinutes / 60,
    contactFrom,
    alarmDrill,
    hasDaily: dailyMail !== null,
    dailyAt: dailyMail?.at ?? "07:30",
    dailyLanguage: dailyMail?.recipients[0]?.language ?? "de",
    dailyRecipients: dailyMail?.recipients.map(({ address }) => address).join("\n") ?? "",
  };
}

const amountOf = (text: number | string) => (text === "" ? Number.NaN : Number(text));
const addressesOf = (text: string) => [...new Set(text.split(/[\s,;]+/).filter((address) => address !== ""))];

/** Whether it can be sent; the server checks it again. */
export function isWhole({ repair, rate, currency, contactHours, hasDaily, dailyAt, dailyRecipients }: PromisesDraft): boolean {
  const addresses = addressesOf(dailyRecipients);
  return (
    (repair !== "hourly" || (amountOf(rate) >= 0 && /^[A-Z]{3}$/.test(currency))) &&
    (contactHours === "" || amountOf(contactHours) >= 0) &&
    (!hasDaily || (/^\d\d:\d\d$/.test(dailyAt) && addresses.length > 0 && addresses.every((address) => /^\S+@\S+\.\S+$/.test(address))))
  );
}

/** Zero hours are no promise either. */
export function termsOf(draft: PromisesDraft): CustomerTerms {
  const minutes = Math.round(amountOf(draft.contactHours) * 60);
  const { currency, minutesPerStep } = draft;
  return {
    alarms: draft.alarms,
    repair:
      draft.repair === "hourly"
        ? { kind: "hourly", centsPerHour: Math.round(amountOf(draft.rate) * 100), currency, minutesPerStep }
        : { kind: draft.repair },
    contactWithinMinutes: minutes >= 1 ? minutes : null,
    contactFrom: draft.contactFrom,
    alarmDrill: draft.alarmDrill,
    dailyMail: draft.hasDaily
      ? { at: draft.dailyAt, recipients: addressesOf(draft.dailyRecipients).map((address) => ({ address, language: draft.dailyLanguage })) }
      : null,
  };
}
