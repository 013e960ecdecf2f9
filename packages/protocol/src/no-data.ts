/**
 * Why there is nothing to measure, as it travels and is stored: the code that the check declares, or `code: about`, where the texts
 * need to say what it is about. Agents of before sent a sentence.
 */
export type NoDataReason<Code extends string> = Code | `${Code}: ${string}`;

/** Takes a reason apart; undefined for a sentence of an older agent. */
export function parseNoData(reason: string): { readonly code: string; readonly about: string } | undefined {
  const [, code, about = ""] = /^([a-z0-9]+(?:-[a-z0-9]+)*)(?:: ([\s\S]*))?$/.exec(reason) ?? [];
  return code === undefined ? undefined : { code, about };
}
