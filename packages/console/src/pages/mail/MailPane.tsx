/** One mail, whole. Its HTML is shown in a frame that may run nothing and reach nothing. */
import { addressOf } from "@hauswart/protocol/api/client.ts";
import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import table from "virtual:route-table";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Ago, Moment } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Pane } from "../../components/Pane.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./mail.module.css";
import { MailState } from "./MailState.tsx";

const route = getRouteApi("/app/outbox");
const views = ["html", "text"] as const;

export function MailPane({ mailId, onClose }: { mailId: string; onClose: () => void }) {
  const texts = useTexts();
  const { view = "html" } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: mail, error, refetch } = useQuery(query("getMail", { params: { mailId } }));
  const retry = useChange("retryMail", { touches: ["listOutbox", "getMail", "getOverview"], message: () => texts.outbox.retried });
  if (!mail) {
    return (
      <Pane label={texts.outbox.preview} onClose={onClose}>
        {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />}
      </Pane>
    );
  }
  const hasReturned = mail.reports.some(({ action }) => action === "failed");
  const canRetry = mail.state === "refused" || hasReturned || (mail.state === "queued" && mail.attempts > 0);
  return (
    <Pane
      label={mail.subject}
      onClose={onClose}
      actions={
        canRetry && (
          <Allowed to="mail:write">
            <Button loading={retry.isPending} onClick={() => retry.mutate({ params: { mailId } })}>
              {texts.outbox.retry}
            </Button>
          </Allowed>
        )
      }
    >
      <h2 className={styles["subject"]}>{mail.subject}</h2>
      <Facts
        facts={[
          { name: texts.outbox.state, value: <MailState mail={mail} /> },
          { name: texts.outbox.to, value: mail.to.join(", ") },
          { name: texts.outbox.created, value: <Moment at={mail.createdAt} /> },
          ...(mail.sentAt ? [{ name: texts.outbox.sent, value: <Moment at={mail.sentAt} /> }] : []),
          ...(mail.attempts > 0 ? [{ name: texts.outbox.attempts, value: mail.attempts }] : []),
          ...(mail.nextAttemptAt ? [{ name: texts.outbox.nextAttempt, value: <Ago at={mail.nextAttemptAt} /> }] : []),
          ...(mail.lastError ? [{ name: texts.outbox.lastError, value: mail.lastError }] : []),
          ...mail.refusals.map(({ address, answer }) => ({ name: `${texts.outbox.refusals} ${address}`, value: answer })),
          ...mail.reports.map(({ address, action, status, words, by, at }) => ({
            name: `${texts.outbox.reports[action]} ${address}`,
            value: (
              <>
                {words || status} {by && <span className="dimmed">({by})</span>} <Moment at={at} />
              </>
            ),
          })),
          ...mail.answers
            .filter(({ state, answer }) => state === "sent" && answer !== "")
            .map(({ address, answer }) => ({ name: `${texts.firstSteps.mail.answer} (${address})`, value: answer })),
          { name: texts.outbox.messageId, value: mail.messageId },
        ]}
      />
      <SegmentedControl
        className={styles["views"]}
        aria-label={texts.outbox.preview}
        data={[
          { value: "html", label: texts.outbox.asHtml },
          { value: "text", label: texts.outbox.asText },
        ]}
        value={view}
        onChange={(chosen) =>
          void navigate({ search: (before) => ({ ...before, view: views.find((one) => one === chosen) }), replace: true })
        }
      />
      {view === "html" ? (
        <iframe
          className={styles["frame"]}
          title={texts.outbox.frameTitle(mail.subject)}
          sandbox=""
          referrerPolicy="no-referrer"
          src={addressOf(table.getMailHtml.path, { mailId })}
        />
      ) : (
        <pre className={styles["text"]} tabIndex={0}>
          {mail.text}
        </pre>
      )}
    </Pane>
  );
}
