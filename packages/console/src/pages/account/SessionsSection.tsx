/** Where one is signed in. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { browserOf } from "@hauswart/protocol/user-agent.ts";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useList } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useTexts, type Texts } from "../../texts/texts.tsx";
import styles from "./account.module.css";

type Session = ItemOf<"listSessions">;

/** Browser and system as people call them; the whole of what the browser said where neither is known. */
export function browserWords(userAgent: string, texts: Texts): string {
  const { browser, system } = browserOf(userAgent);
  if (browser && system) return texts.sessions.on(browser, system);
  return browser ?? system ?? (userAgent.slice(0, 60) || texts.sessions.unknown);
}

export function SessionsSection() {
  const texts = useTexts();
  const list = useList("listSessions", {});
  const [isAsked, setAsked] = useState(false);
  const end = useChange("endSessionById", { touches: ["listSessions"], message: () => texts.sessions.ended });
  const endOthers = useChange("endOtherSessions", {
    touches: ["listSessions"],
    message: () => texts.sessions.endedOthers,
    onDone: () => setAsked(false),
  });
  const hasOthers = list.rows.some(({ isCurrent }) => !isCurrent);
  return (
    <Section
      title={texts.sessions.title}
      note={texts.sessions.lead}
      actions={
        hasOthers && (
          <Button variant="default" onClick={() => setAsked(true)}>
            {texts.sessions.endOthers}
          </Button>
        )
      }
    >
      {list.isLoading && <Loading />}
      {list.error && list.rows.length === 0 && <ErrorNote error={list.error} onRetry={list.retry} />}
      {list.rows.length > 0 && (
        <SessionTable sessions={list.rows} onEnd={(session) => end.mutate({ params: { sessionId: session.sessionId } })} />
      )}
      {list.hasMore && (
        <Button variant="default" mt="sm" loading={list.isLoadingMore} onClick={list.loadMore}>
          {texts.device.older}
        </Button>
      )}
      {isAsked && (
        <Confirm
          title={texts.sessions.endOthersTitle}
          action={texts.sessions.endOthers}
          isPending={endOthers.isPending}
          onConfirm={() => endOthers.mutate({})}
          onClose={() => setAsked(false)}
        >
          {texts.sessions.endOthersText}
        </Confirm>
      )}
    </Section>
  );
}

/** From where it was used last. */
const addressOf = ({ uses, address }: Session) => uses[0]?.address ?? address;

/** Networks from which a session came besides the one that it came from last: somebody on the move, or somebody else. */
function OtherUses({ uses }: Pick<Session, "uses">) {
  const texts = useTexts();
  const others = uses.slice(1);
  if (others.length === 0) return null;
  return (
    <ul className={styles["uses"]}>
      {others.map(({ address, lastUsedAt }) => (
        <li key={address}>
          {texts.sessions.alsoFrom(address)} <Ago at={lastUsedAt} short />
        </li>
      ))}
    </ul>
  );
}

export function SessionTable({ sessions, onEnd }: { sessions: readonly Session[]; onEnd?: (session: Session) => void }) {
  const texts = useTexts();
  return (
    <PlainTable
      label={texts.sessions.title}
      columns={[
        { header: texts.sessions.browser, wraps: true },
        { header: texts.sessions.address, width: "150px", from: "sm" },
        { header: texts.sessions.lastSeen, width: "120px" },
        { header: texts.sessions.since, width: "120px", from: "md" },
        ...(onEnd ? [{ header: texts.sessions.end, width: "84px", align: "end" as const, isHeaderHidden: true }] : []),
      ]}
      rows={sessions.map((session) => ({
        key: session.sessionId,
        cells: [
          <div key="browser">
            <span title={session.userAgent}>{browserWords(session.userAgent, texts)}</span>
            <OtherUses uses={session.uses} />
          </div>,
          <span key="address" title={addressOf(session)}>
            {addressOf(session)}
          </span>,
          session.isCurrent ? (
            <span key="here" className={styles["here"]}>
              {texts.sessions.here}
            </span>
          ) : (
            <Ago key="seen" at={session.lastUsedAt} short />
          ),
          <Ago key="since" at={session.createdAt} short />,
          ...(onEnd
            ? [
                !session.isCurrent && (
                  <Button
                    key="end"
                    size="compact-xs"
                    variant="subtle"
                    aria-label={texts.sessions.endOf(browserWords(session.userAgent, texts))}
                    onClick={() => onEnd(session)}
                  >
                    {texts.sessions.end}
                  </Button>
                ),
              ]
            : []),
        ],
      }))}
    />
  );
}
