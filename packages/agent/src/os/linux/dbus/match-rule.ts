/** Match rules (specification 0.43, "Match Rules"): the bus selects by them, and so do we, because one connection carries many. */
import type { DbusMessage } from "./message.ts";

export interface MatchRule {
  readonly sender?: string;
  /** Whether a message fits all but the sender. */
  matches(message: DbusMessage): boolean;
}

/** Understands type, sender, interface, member, path, path_namespace and argN; other keys are left to the bus. */
export function parseMatchRule(text: string): MatchRule {
  const conditions = new Map<string, string>();
  for (const [, key, value] of text.matchAll(/([a-z_0-9]+)='([^']*)'/g)) conditions.set(key!, value!);
  const same = (key: string, value: string | undefined) => !conditions.has(key) || conditions.get(key) === value;
  const below = (path: string | undefined) => {
    const namespace = conditions.get("path_namespace");
    return namespace === undefined || namespace === "/" || path === namespace || path?.startsWith(`${namespace}/`) === true;
  };
  const args = [...conditions].flatMap(([key, value]) => {
    const index = /^arg(\d+)$/.exec(key)?.[1];
    return index === undefined ? [] : [{ index: Number(index), value }];
  });
  return {
    sender: conditions.get("sender"),
    matches: (message) =>
      same("interface", message.interfaceName) &&
      same("member", message.member) &&
      same("path", message.path) &&
      below(message.path) &&
      args.every(({ index, value }) => message.body[index] === value),
  };
}
