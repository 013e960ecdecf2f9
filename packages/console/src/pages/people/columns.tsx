/** Columns of the list of users. */
import { scopesOfRole } from "@hauswart/protocol/roles.ts";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useAccount } from "../../app/session.ts";
import { Ago } from "../../components/Ago.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import type { Column } from "../../components/table/columns.ts";
import { useSpeech, type Texts } from "../../texts/texts.tsx";
import styles from "./people.module.css";
import { useReachWords } from "./reach-words.ts";
import type { UserRow, UserState } from "./rows.ts";

/** By shape: who can sign in, who cannot, whose answer is not there yet. */
export const markOf: Record<UserState, "ok" | "warning" | "unknown"> = {
  active: "ok",
  disabled: "unknown",
  invited: "unknown",
  expired: "warning",
};

/** Second factors in words; empty for whoever has not accepted yet. */
export function factorWords({ account }: UserRow, texts: Texts): string {
  if (!account) return "";
  const { passkeys, totp } = account.factors;
  const words = [...(passkeys > 0 ? [texts.users.passkeys(passkeys)] : []), ...(totp ? [texts.users.totp] : [])];
  return words.join(", ") || texts.users.noFactor;
}

/** Since when mails to an account do not arrive, and why; null: they do, as far as anybody knows. */
export function unreachableWords(
  { account }: UserRow,
  { texts, format }: Pick<ReturnType<typeof useSpeech>, "texts" | "format">,
): string | null {
  const why = account?.unreachable;
  return why ? texts.routing.unreachable(format.dateTime(Date.parse(why.since)), why.reason) : null;
}

const hasNoFactor = ({ account }: UserRow) => account !== null && account.factors.passkeys === 0 && !account.factors.totp;
/** Who gives rights to others, with nothing but a password in front of it. */
const isExposed = (row: UserRow) => row.state === "active" && hasNoFactor(row) && scopesOfRole[row.role].includes("access:write");

export function useUserColumns(): readonly Column<UserRow>[] {
  const speech = useSpeech();
  const { texts } = speech;
  const own = useAccount()?.accountId;
  const reachWords = useReachWords();
  return useMemo((): readonly Column<UserRow>[] => {
    const state = (row: UserRow) => texts.users.states[row.state];
    const role = (row: UserRow) => texts.roles[row.role].name;
    const factors = (row: UserRow) => factorWords(row, texts);
    const reach = (row: UserRow) => reachWords(row.reach);
    const unreachable = (row: UserRow) => unreachableWords(row, speech);
    return [
      {
        id: "name",
        header: texts.users.name,
        width: 180,
        grow: 1,
        main: true,
        cell: (row) => (
          <Link from="/users" to="/users" search={(before) => ({ ...before, user: row.id })}>
            {row.name}
            {row.id === own && <span className={styles["you"]}> ({texts.users.you})</span>}
          </Link>
        ),
        value: (row) => row.name,
      },
      {
        id: "state",
        header: texts.users.state,
        width: 134,
        cell: (row) => <StateMark state={markOf[row.state]}>{state(row)}</StateMark>,
        value: state,
      },
      { id: "role", header: texts.users.role, from: "sm", width: 120, cell: role, value: role },
      {
        id: "email",
        header: texts.users.email,
        from: "md",
        width: 210,
        grow: 1,
        cell: (row) => {
          const why = unreachable(row);
          return (
            <span title={why ? `${row.email}: ${why}` : row.email}>
              {why ? <StateMark state="warning">{row.email}</StateMark> : row.email}
            </span>
          );
        },
        value: (row) => row.email,
      },
      {
        id: "customers",
        header: texts.users.customers,
        from: "md",
        width: 190,
        grow: 1,
        cell: (row) => {
          const issuer = row.account?.reachFromIssuer;
          return (
            <span title={issuer ? texts.users.reachFromIssuer(issuer) : reach(row)}>
              {issuer ? <StateMark state="warning">{reach(row)}</StateMark> : reach(row)}
            </span>
          );
        },
        value: reach,
      },
      {
        id: "factor",
        header: texts.users.secondFactor,
        from: "md",
        width: 158,
        cell: (row) =>
          isExposed(row) ? (
            <StateMark state="warning">{factors(row)}</StateMark>
          ) : (
            <span className={hasNoFactor(row) ? "dimmed" : undefined}>{factors(row)}</span>
          ),
        value: factors,
      },
      {
        id: "lastUsed",
        header: texts.users.lastSeen,
        from: "sm",
        width: 124,
        cell: (row) => (row.account ? <Ago at={row.lastUsedAt} short none={texts.users.neverSeen} /> : null),
        value: (row) => row.lastUsedAt,
      },
    ];
  }, [speech, texts, own, reachWords]);
}
