/**
 * Why a device is not heard of, decided from evidence, with how sure that is. Pure: the server decides with it, the console and the
 * mails say what came of it.
 *
 * Evidence that speaks for itself comes first (what the agent said when it went), then what others saw of the computer, then what
 * else went silent. A ping that is not answered proves little, because firewalls drop it; an address that nobody in the same network
 * can resolve (ARP, RFC 826; neighbour discovery, RFC 4861) says more.
 */

/** Another agent of the same network looked for the computer. */
export interface Witness {
  readonly deviceName: string;
  readonly atMs: number;
  /** null: it could not ping. */
  readonly answersPing: boolean | null;
  /** Whether its address resolves to a network card just now; null: it could not look. */
  readonly resolves: boolean | null;
}

export interface OfflineEvidence {
  /** What the agent said when it went; null: nothing. */
  readonly goodbye: "shutdown" | "restart" | "sleep" | "agent-stop" | "agent-update" | null;
  /** The server itself lost most of its agents at once, or was away when this one went. */
  readonly serverWasAway: boolean;
  /** The site has no connection: most of what was connected there went at once. */
  readonly siteIsOffline: boolean;
  /** What it hangs behind, and whether that is silent; null: nothing is known to stand before it. */
  readonly before: { readonly name: string; readonly isSilent: boolean } | null;
  /** Other agents of the site that are connected, without those that are known to be elsewhere. */
  readonly othersConnected: number;
  /** Of the same, those that were lost within the same two minutes. */
  readonly othersLost: number;
  readonly witnesses: readonly Witness[];
}

export const offlineReasons = [
  "shut-down",
  "asleep",
  "restarting",
  "agent-stopped",
  "agent-dead",
  "computer-gone",
  "behind-silent",
  "site-offline",
  "server-away",
  "unknown",
] as const;
export type OfflineReason = (typeof offlineReasons)[number];
export const certainties = ["certain", "likely", "possible"] as const;
export type Certainty = (typeof certainties)[number];

/** What the decision stands on; texts name each. */
export const offlineClues = [
  "goodbye",
  "told-later",
  "server-away",
  "answers-ping",
  "resolves",
  "no-ping",
  "does-not-resolve",
  "before-silent",
  "before-present",
  "site-offline",
  "others-lost",
  "others-connected",
  "no-others",
] as const;
export type OfflineClue = (typeof offlineClues)[number];

export interface OfflineVerdict {
  readonly reason: OfflineReason;
  readonly certainty: Certainty;
  readonly clues: readonly OfflineClue[];
}

const said: Readonly<Record<NonNullable<OfflineEvidence["goodbye"]>, OfflineReason>> = {
  shutdown: "shut-down",
  sleep: "asleep",
  restart: "restarting",
  "agent-update": "restarting",
  "agent-stop": "agent-stopped",
};

/** Decides. */
export function whyOffline(evidence: OfflineEvidence): OfflineVerdict {
  const { goodbye, witnesses, before, othersConnected, othersLost } = evidence;
  if (goodbye !== null) return { reason: said[goodbye], certainty: "certain", clues: ["goodbye"] };
  const clues = cluesOf(evidence);
  const is = (clue: OfflineClue) => clues.includes(clue);
  const verdict = (reason: OfflineReason, certainty: Certainty): OfflineVerdict => ({ reason, certainty, clues });
  if (is("answers-ping")) return verdict("agent-dead", "certain");
  if (is("resolves")) return verdict("agent-dead", "likely");
  if (evidence.serverWasAway) return verdict("server-away", "likely");
  if (evidence.siteIsOffline) return verdict("site-offline", "likely");
  if (before?.isSilent) return verdict("behind-silent", "likely");
  if (is("does-not-resolve"))
    return verdict("computer-gone", witnesses.filter(({ resolves }) => resolves === false).length > 1 ? "certain" : "likely");
  if (is("no-ping")) return verdict("computer-gone", "possible");
  if (othersConnected > 0 && othersLost === 0) return verdict("computer-gone", "possible");
  return verdict("unknown", "possible");
}

function cluesOf(evidence: OfflineEvidence): OfflineClue[] {
  const { witnesses, before, othersConnected, othersLost } = evidence;
  const clues: [boolean, OfflineClue][] = [
    [evidence.serverWasAway, "server-away"],
    [witnesses.some(({ answersPing }) => answersPing === true), "answers-ping"],
    [witnesses.some(({ resolves }) => resolves === true), "resolves"],
    [witnesses.some(({ answersPing }) => answersPing === false) && !witnesses.some(({ answersPing }) => answersPing), "no-ping"],
    [witnesses.some(({ resolves }) => resolves === false) && !witnesses.some(({ resolves }) => resolves), "does-not-resolve"],
    [evidence.siteIsOffline, "site-offline"],
    [before?.isSilent === true, "before-silent"],
    [before?.isSilent === false, "before-present"],
    [othersLost > 0, "others-lost"],
    [othersConnected > 0, "others-connected"],
    [othersConnected === 0 && othersLost === 0, "no-others"],
  ];
  return clues.filter(([holds]) => holds).map(([, clue]) => clue);
}
