/** What `nft -j list ruleset` says (libnftables-json(5)). Pure. */

interface Item {
  readonly chain?: { family?: unknown; table?: unknown; name?: unknown; hook?: unknown; policy?: unknown; type?: unknown };
  readonly rule?: { family?: unknown; table?: unknown; chain?: unknown; expr?: unknown };
}

const key = (family: unknown, table: unknown, chain: unknown) => `${String(family)} ${String(table)} ${String(chain)}`;

/**
 * Whether there are rules, and whether something of what comes in is kept out: a chain at the hook `input` has the policy drop, or a rule
 * that can be reached from one drops or refuses.
 * @returns undefined for what is no such list
 */
export function judgeRuleset(text: string): { hasRules: boolean; filters: boolean } | undefined {
  const items = itemsOf(text);
  if (!items) return undefined;
  const rules = new Map<string, unknown[][]>();
  for (const { rule } of items) {
    if (!rule) continue;
    const of = key(rule.family, rule.table, rule.chain);
    rules.set(of, [...(rules.get(of) ?? []), Array.isArray(rule.expr) ? rule.expr : []]);
  }
  const inputs = items.flatMap(({ chain }) => (chain?.hook === "input" && chain.type !== "nat" ? [chain] : []));
  const filters = inputs.some(
    ({ family, table, name, policy }) =>
      policy === "drop" || keepsOut(rules, `${String(family)} ${String(table)}`, String(name), new Set()),
  );
  return { hasRules: rules.size > 0 || inputs.some(({ policy }) => policy === "drop"), filters };
}

/** Looks through the rules of a chain and of those that it jumps to. */
function keepsOut(rules: ReadonlyMap<string, unknown[][]>, table: string, chain: string, seen: Set<string>): boolean {
  if (seen.has(chain)) return false;
  seen.add(chain);
  return (rules.get(`${table} ${chain}`) ?? []).some((statements) =>
    statements.some((statement) => {
      if (typeof statement !== "object" || statement === null) return false;
      if ("drop" in statement || "reject" in statement) return true;
      const next = targetOf(statement, "jump") ?? targetOf(statement, "goto");
      return next !== undefined && keepsOut(rules, table, next, seen);
    }),
  );
}

function targetOf(statement: object, kind: "jump" | "goto"): string | undefined {
  const { target } = ((statement as Record<string, unknown>)[kind] ?? {}) as { target?: unknown };
  return typeof target === "string" ? target : undefined;
}

function itemsOf(text: string): readonly Item[] | undefined {
  try {
    const { nftables } = JSON.parse(text) as { nftables?: unknown };
    return Array.isArray(nftables) ? nftables.filter((item): item is Item => typeof item === "object" && item !== null) : undefined;
  } catch {
    return undefined;
  }
}
