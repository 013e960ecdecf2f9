/** Which kind of address a check asks: one setting for all checks that ask other computers. */
import { setting } from "./fields.ts";

/** The setting `family` of a selection schema. */
export const addressFamily = setting.oneOf(["any", "ipv4", "ipv6"], "any", "Which kind of address is asked when the name has both.");
