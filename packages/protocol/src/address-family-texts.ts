/** Texts of the setting in `address-family.ts`; without zod, because the console loads them. */
import type { Language } from "./format.ts";
import type { SettingMessages } from "./messages.ts";

export const addressFamilyTexts: Readonly<Record<Language, SettingMessages>> = {
  de: {
    label: "Art der Adresse",
    help: "Welche Adresse gefragt wird, wenn der Name mehrere hat.",
    choices: { any: "die erste", ipv4: "nur IPv4", ipv6: "nur IPv6" },
  },
  en: {
    label: "Kind of address",
    help: "Which address is asked when the name has several.",
    choices: { any: "the first", ipv4: "IPv4 only", ipv6: "IPv6 only" },
  },
};
