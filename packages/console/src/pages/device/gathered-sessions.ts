/** Sessions as a reader wants them: who sits there comes first, and who has three of a kind stands there once. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { signedInWays } from "@hauswart/protocol/signed-in.ts";

type Session = NonNullable<Device["signedIn"]>["people"][number];

export interface Gathered extends Session {
  readonly key: string;
  /** How many sessions these are; `since` is that of the first. */
  readonly sessions: number;
}

/** The name without the domain of a Windows account, which hovering shows. */
export const shortName = (name: string): string => name.slice(name.indexOf("\\") + 1) || name;

export function gathered(people: readonly Session[]): Gathered[] {
  const alike = Map.groupBy(people, ({ name, by, state }) => `${name}\n${by}\n${state}`);
  return [...alike]
    .map(([key, sessions]) => ({ ...sessions.reduce(earlier), key, sessions: sessions.length }))
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

const earlier = (one: Session, other: Session) => (other.since !== null && (one.since === null || other.since < one.since) ? other : one);

/** By way, and of each the one who works there before the one who does not. */
const rank = ({ by, state }: Session) => signedInWays.indexOf(by) * 2 + (state === "active" || state === null ? 0 : 1);
