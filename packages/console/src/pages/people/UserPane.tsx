/** One user beside the list: rights, sessions, and what can be done about them. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useList } from "../../api/queries.ts";
import { useAccount, useMay } from "../../app/session.ts";
import { Ago, Moment } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { Facts } from "../../components/Facts.tsx";
import { Pane } from "../../components/Pane.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { SessionTable } from "../account/SessionsSection.tsx";
import { ChangeDialog } from "./ChangeDialog.tsx";
import { factorWords, markOf, unreachableWords } from "./columns.tsx";
import styles from "./people.module.css";
import { useReachWords } from "./reach-words.ts";
import type { AccountRow, InvitationRow, UserRow } from "./rows.ts";

interface Props {
  readonly row: UserRow;
  readonly onSent: (sent: ResponseOf<"resendInvitation">, message: string) => void;
  readonly onClose: () => void;
}

export function UserPane({ row, onSent, onClose }: Props) {
  const speech = useSpeech();
  const { texts } = speech;
  const reachWords = useReachWords();
  const unreachable = unreachableWords(row, speech);
  return (
    <Pane label={row.name} onClose={onClose} actions={<h2>{row.name}</h2>}>
      <Facts
        facts={[
          { name: texts.users.state, value: <StateMark state={markOf[row.state]}>{texts.users.states[row.state]}</StateMark> },
          { name: texts.users.email, value: row.email },
          ...(unreachable
            ? [
                {
                  name: texts.users.mails,
                  value: (
                    <StateMark state="warning" wraps>
                      {unreachable}
                    </StateMark>
                  ),
                },
              ]
            : []),
          { name: texts.users.role, value: `${texts.roles[row.role].name}: ${texts.roles[row.role].may}` },
          { name: texts.users.customers, value: reachWords(row.reach) },
          ...(row.account?.reachFromIssuer
            ? [
                {
                  name: texts.users.reachFrom,
                  value: (
                    <StateMark state="warning" wraps>
                      {texts.users.reachFromIssuer(row.account.reachFromIssuer)}
                    </StateMark>
                  ),
                },
              ]
            : []),
          ...(row.account
            ? [
                { name: texts.users.secondFactor, value: factorWords(row, texts) },
                { name: texts.users.lastSeen, value: <Ago at={row.lastUsedAt} none={texts.users.neverSeen} /> },
                { name: texts.users.created, value: <Moment at={row.account.createdAt} /> },
              ]
            : []),
          ...(row.invitation
            ? [
                { name: texts.users.invitedBy, value: row.invitation.createdBy },
                { name: texts.users.invitedAt, value: <Ago at={row.invitation.sentAt} /> },
                { name: texts.users.validUntil, value: <Moment at={row.invitation.expiresAt} /> },
              ]
            : []),
        ]}
      />
      {row.invitation && <InvitationActions invitation={row.invitation} onSent={onSent} onClose={onClose} />}
      {row.account && <AccountActions account={row.account} onClose={onClose} />}
      {row.account && <Sessions account={row.account} />}
    </Pane>
  );
}

function InvitationActions({ invitation, onSent, onClose }: { invitation: InvitationRow; onSent: Props["onSent"]; onClose: () => void }) {
  const texts = useTexts();
  const mayChange = useMay("access:write");
  const [isAsked, setAsked] = useState(false);
  const { invitationId, email } = invitation;
  const resend = useChange("resendInvitation", {
    touches: ["listInvitations"],
    onDone: (sent) => onSent(sent, texts.users.resent(email)),
  });
  const revoke = useChange("revokeInvitation", { touches: ["listInvitations"], message: () => texts.users.revoked, onDone: onClose });
  if (!mayChange) return <p className={styles["note"]}>{texts.users.mayNot}</p>;
  return (
    <div className={styles["actions"]}>
      <Button variant="default" loading={resend.isPending} onClick={() => resend.mutate({ params: { invitationId } })}>
        {texts.users.resend}
      </Button>
      <Button variant="default" onClick={() => setAsked(true)}>
        {texts.users.revoke}
      </Button>
      {isAsked && (
        <Confirm
          title={texts.users.revokeTitle}
          action={texts.users.revoke}
          isPending={revoke.isPending}
          onConfirm={() => revoke.mutate({ params: { invitationId } })}
          onClose={() => setAsked(false)}
        >
          {texts.users.revokeText(email)}
        </Confirm>
      )}
    </div>
  );
}

/** Why the reader cannot change an account; null when nothing stands against it. */
function useObstacle(account: AccountRow): "own" | "owner" | "rights" | null {
  const reader = useAccount();
  const mayChange = useMay("access:write");
  if (!mayChange) return "rights";
  if (account.accountId === reader?.accountId) return "own";
  return account.role === "owner" && reader?.role !== "owner" ? "owner" : null;
}

function AccountActions({ account, onClose }: { account: AccountRow; onClose: () => void }) {
  const texts = useTexts();
  const obstacle = useObstacle(account);
  const [dialog, setDialog] = useState<"change" | "disable" | "remove" | null>(null);
  const params = { accountId: account.accountId };
  const close = () => setDialog(null);
  const touches = ["listAccounts", "getAccount", "listSessions"] as const;
  const able = useChange("changeAccount", {
    touches,
    message: ({ name, disabledAt }) => (disabledAt === null ? texts.users.enabled(name) : texts.users.disabled(name)),
    onDone: close,
  });
  const keep = useChange("changeAccount", { touches, message: ({ name }) => texts.users.reachKept(name) });
  const remove = useChange("deleteAccount", { touches, message: () => texts.users.removed(account.name), onDone: onClose });
  if (obstacle === "own")
    return (
      <p className={styles["note"]}>
        {texts.users.yourself} <Link to="/account">{texts.account.title}</Link>
      </p>
    );
  if (obstacle) return <p className={styles["note"]}>{obstacle === "owner" ? texts.users.onlyOwners : texts.users.mayNot}</p>;
  return (
    <div className={styles["actions"]}>
      <Button variant="default" onClick={() => setDialog("change")}>
        {texts.users.change}
      </Button>
      {account.reachFromIssuer !== null && (
        <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate({ params, body: { reach: account.reach } })}>
          {texts.users.keepReach}
        </Button>
      )}
      {account.disabledAt === null ? (
        <Button variant="default" onClick={() => setDialog("disable")}>
          {texts.users.disable}
        </Button>
      ) : (
        <Button variant="default" loading={able.isPending} onClick={() => able.mutate({ params, body: { isDisabled: false } })}>
          {texts.users.enable}
        </Button>
      )}
      <Button variant="default" onClick={() => setDialog("remove")}>
        {texts.users.remove}
      </Button>
      {dialog === "change" && <ChangeDialog account={account} onClose={close} />}
      {dialog === "disable" && (
        <Confirm
          title={texts.users.disableTitle(account.name)}
          action={texts.users.disable}
          isPending={able.isPending}
          onConfirm={() => able.mutate({ params, body: { isDisabled: true } })}
          onClose={close}
        >
          {texts.users.disableText(account.openSessions)}
        </Confirm>
      )}
      {dialog === "remove" && (
        <Confirm
          title={texts.users.removeTitle(account.name)}
          action={texts.users.remove}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params })}
          onClose={close}
        >
          {texts.users.removeText(account.openSessions)}
        </Confirm>
      )}
    </div>
  );
}

/** Where the user is signed in; whoever may change users ends sessions here. */
function Sessions({ account }: { account: AccountRow }) {
  const texts = useTexts();
  const obstacle = useObstacle(account);
  const list = useList("listSessions", { query: { accountId: account.accountId } });
  const end = useChange("endSessionById", { touches: ["listSessions", "listAccounts"], message: () => texts.sessions.ended });
  if (list.rows.length === 0) return null;
  const onEnd =
    obstacle === null ? (session: { sessionId: string }) => end.mutate({ params: { sessionId: session.sessionId } }) : undefined;
  return (
    <div className={styles["block"]}>
      <h3>{texts.sessions.title}</h3>
      <SessionTable sessions={list.rows} {...(onEnd ? { onEnd } : {})} />
    </div>
  );
}
