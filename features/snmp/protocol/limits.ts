/** How people write values and their limits. Read by the agent (which values) and by the judge (which limits). */

/** "Temperature = 1.3.6.1.4.1.318.1": a name and an object identifier. */
export function parseValueLine(line: string): { name: string; oid: string } | undefined {
  const [, name, oid] = /^\s*(.+?)\s*=\s*\.?(\d+(?:\.\d+)+)\s*$/.exec(line) ?? [];
  return name === undefined || oid === undefined ? undefined : { name, oid };
}

export interface Limit {
  readonly name: string;
  /** The rate of a counter, and not its value: the name ends with /s. */
  readonly isRate: boolean;
  readonly comparison: "<" | "<=" | ">" | ">=" | "=" | "!=";
  readonly against: string;
  readonly severity: "warning" | "failure";
}

/** "Temperature > 40 warning", "Errors/s > 10", "Fan = running": bad when it is so. Without a severity it is a failure. */
export function parseLimit(line: string): Limit | undefined {
  const [, name, comparison, rest] = /^\s*(.+?)\s*(<=|>=|!=|<|>|=)\s*(.+?)\s*$/.exec(line) ?? [];
  if (name === undefined || comparison === undefined || rest === undefined) return undefined;
  const [, against, severity] = /^(.*\S)\s+(warning|failure)$/.exec(rest) ?? [undefined, rest, "failure"];
  const isRate = name.endsWith("/s");
  return {
    name: isRate ? name.slice(0, -2).trimEnd() : name,
    isRate,
    comparison: comparison as Limit["comparison"],
    against: against,
    severity: severity as Limit["severity"],
  };
}

/** Whether the value is beyond the limit; undefined when the two cannot be compared. Numbers are compared as such. */
export function isBeyond({ comparison, against }: Limit, value: number | string): boolean | undefined {
  const wanted = Number(against.replace(",", "."));
  const asNumber = typeof value === "number" ? value : Number.NaN;
  const areNumbers = Number.isFinite(wanted) && Number.isFinite(asNumber);
  if (comparison === "=") return areNumbers ? asNumber === wanted : String(value) === against;
  if (comparison === "!=") return areNumbers ? asNumber !== wanted : String(value) !== against;
  if (!areNumbers) return undefined;
  if (comparison === "<") return asNumber < wanted;
  if (comparison === "<=") return asNumber <= wanted;
  return comparison === ">" ? asNumber > wanted : asNumber >= wanted;
}
