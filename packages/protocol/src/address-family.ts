/** Which kind of address a check asks: one setting and its texts for all checks that ask other computers. */
import { setting } from "./fields.ts";
import type { Language } from "./format.ts";
import type { SettingMessages } from "./messages.ts";

/** The setting `family` of a selection schema. */
export const addressFamily = setting.oneOf(["any", "ipv4", "ipv6"], "any", "Which kind of address is asked when the name has both.");

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
