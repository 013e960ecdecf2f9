/** Why something could not be reached, in one of few words that the console explains. */
import type { RecipientTest } from "@hauswart/protocol/api/routing.ts";
import { ForbiddenAddressError } from "../webhooks/address-rule.ts";

export type Problem = NonNullable<RecipientTest["problem"]>;

const byCode: readonly (readonly [RegExp, Problem])[] = [
  [/^(ENOTFOUND|EAI_|EDNS|DNS_)/, "name-unknown"],
  [/^(ECONNREFUSED|ConnectionRefused|EHOSTUNREACH|ENETUNREACH)/, "refused-connection"],
  [/(TIMEDOUT|TIMEOUT|Timeout)/, "timeout"],
  [/(CERT|TLS|SSL|ALTNAME|SELF_SIGNED|SIGNATURE)/, "certificate"],
];

/** Sorts an error of node's network functions, or of nodemailer. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ForbiddenAddressError) return "forbidden-address";
  const { code, message } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown; message?: unknown };
  const known = typeof code === "string" ? byCode.find(([pattern]) => pattern.test(code))?.[1] : undefined;
  return known ?? wordsSay(typeof message === "string" ? message : String(error));
}

/** Where an error has passed a library that kept its words alone. */
function wordsSay(words: string): Problem {
  return byCode.find(([pattern]) => pattern.test(words))?.[1] ?? (/certificate/i.test(words) ? "certificate" : "other");
}
