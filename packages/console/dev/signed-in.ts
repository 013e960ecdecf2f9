/** Who is signed in at the double's computers: people at workstations, some by remote desktop, technicians at servers. */
import type { Device } from "@hauswart/protocol/api/models.ts";

type SignedInNow = NonNullable<Device["signedIn"]>;
type Session = SignedInNow["people"][number];

const hourMs = 3_600_000;
const names = ["m.muster", "a.schneider", "KANZLEI\\b.yilmaz", "c.nowak", "KANZLEI\\d.fischer-hohenstein", "empfang"] as const;

/** @param index of the computer in the fleet */
export function signedInAt(index: number, { role, presence }: Pick<Device, "role" | "presence">, nowMs: number): SignedInNow {
  const session = (name: string, change: Partial<Session> & { hoursAgo?: number } = {}): Session => {
    const { hoursAgo = 3.4, ...rest } = change;
    return { name, by: "screen", since: new Date(nowMs - hoursAgo * hourMs).toISOString(), state: "active", ...rest };
  };
  const own = names[index % names.length]!;
  const atServer: readonly (readonly Session[])[] = [
    [],
    [session("root", { by: "ssh", hoursAgo: 0.4 }), session("root", { by: "ssh", hoursAgo: 0.1 })],
    // A terminal server.
    names.map((name, at) => session(name, { by: "remote-desktop", hoursAgo: 1 + at, state: at % 3 === 2 ? "disconnected" : "active" })),
  ];
  const atDesk: readonly (readonly Session[])[] = [
    [session(own)],
    [session(own, { state: "locked", hoursAgo: 6.2 })],
    [],
    [session(own, { state: "idle", hoursAgo: 28 }), session("support", { by: "remote-desktop", hoursAgo: 0.2 })],
  ];
  const choices = role === "server" ? atServer : atDesk;
  const isPresent = presence.state === "present";
  // An older agent says nothing of it.
  const isTold = presence.state !== "never-connected" && index % 10 !== 9;
  return {
    isAsked: true,
    at: isTold ? (isPresent ? new Date(nowMs - 12 * 60_000).toISOString() : presence.lastSeenAt) : null,
    isCurrent: isTold && isPresent,
    people: isTold ? [...choices[index % choices.length]!] : [],
    others: 0,
  };
}

/** What the house or the customer does not want known is gone. */
export const signedInWhere = (signedIn: SignedInNow | null, isAsked: boolean): SignedInNow | null =>
  signedIn === null || isAsked ? signedIn : { isAsked, at: null, isCurrent: false, people: [], others: 0 };
