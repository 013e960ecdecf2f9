/**
 * How the sign-ins of an account are asked for. The event log compares texts letter by letter, and 4624 writes the name as the account has
 * it, not as somebody typed it: so the account is looked up, and asked for by its security identifier.
 */
import { OsError } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls } from "@hauswart/agent/os/windows/calls.ts";
import type { AttemptRequest } from "./attempt.ts";

/** Accounts that are there stay; one that is not may be made. */
const forgetAfterMs = 3_600_000;

interface Known {
  readonly atMs: number;
  readonly sids: Map<string, string | undefined>;
}

/** By the names as they were written, with their domain, and by the bare name, which finds an account of this computer first. */
async function sidsOf({ accountSid }: WindowsCalls, names: readonly string[], { sids }: Known): Promise<string[]> {
  for (const name of names) if (!sids.has(name)) sids.set(name, await accountSid(name));
  return names.flatMap((name) => sids.get(name) ?? []);
}

const equals = (name: string, value: string) => `Data[@Name='${name}']='${value}'`;

/**
 * Of each account the condition on the data of 4624; none for an account that nothing leads to.
 * @param written names as they were written, by the name they are counted under
 */
export async function conditionsOf(
  calls: WindowsCalls,
  accounts: readonly string[],
  written: ReadonlyMap<string, readonly string[]>,
  { values, nowMs, signal }: Pick<AttemptRequest, "nowMs" | "signal"> & { readonly values: Map<string, unknown> },
): Promise<{ account: string; condition: string }[]> {
  const kept = values.get("accounts") as Known | undefined;
  const known: Known = kept && Math.abs(nowMs - kept.atMs) < forgetAfterMs ? kept : { atMs: nowMs, sids: new Map() };
  values.set("accounts", known);
  const conditions: { account: string; condition: string }[] = [];
  let isAnswered = true;
  for (const account of accounts) {
    const writings = [...(written.get(account) ?? []), account];
    const names = new Set(writings.map((name) => name.replace(/^.*\\/, "")).filter((name) => !/['"]/.test(name)));
    const parts = [...names].map((name) => equals("TargetUserName", name));
    try {
      const sids = isAnswered && !signal.aborted ? await sidsOf(calls, writings, known) : [];
      parts.push(...[...new Set(sids)].map((sid) => equals("TargetUserSid", sid)));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      // A domain controller that is away would be away for the others too: what is left are the names.
      isAnswered = false;
    }
    if (parts.length > 0) conditions.push({ account, condition: parts.join(" or ") });
  }
  return conditions;
}
