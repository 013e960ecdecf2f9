/** A mail on its way: what became of it, and the mail server's own words. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { ErrorNote } from "../../components/notes.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./first-steps.module.css";

type Mail = ResponseOf<"getMail">;

/** The words for it, and the state by which they are marked. */
function useOutcome(): (mail: Mail) => { state: "ok" | "warning" | "failure" | "unknown"; words: string; help?: string } {
  const {
    firstSteps: { mail: texts },
    outbox,
  } = useTexts();
  return ({ state, attempts, to }) => {
    if (state === "sent") return { state: "ok", words: texts.sent, help: texts.sentHelp };
    if (state === "refused") return { state: "failure", words: texts.refused };
    if (state === "returned") return { state: "failure", words: outbox.statesHelp.returned };
    if (state === "kept") return { state: "unknown", words: texts.kept };
    return attempts > 0 ? { state: "warning", words: texts.waiting } : { state: "unknown", words: texts.sending(to.join(", ")) };
  };
}

/** What the mail server said, to each recipient or to the whole mail, and what delivery reports said after that. */
function wordsOf({ answers, reports, lastError }: Mail): string {
  const said = (reports.length > 0 ? reports.map(({ words }) => words) : answers.map(({ answer }) => answer)).filter(Boolean);
  return [...new Set(said.length > 0 ? said : lastError ? [lastError] : [])].join("; ");
}

export function MailProgress({ mailId }: { mailId: string }) {
  const texts = useTexts();
  const outcomeOf = useOutcome();
  const { data: mail, error } = useQuery({
    ...query("getMail", { params: { mailId } }),
    // Live events tell as well; who looks at an answer to come should not depend on them.
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === "queued" ? 1_000 : false),
  });
  if (!mail) return error ? <ErrorNote error={error} /> : null;
  const { state, words, help } = outcomeOf(mail);
  const answer = wordsOf(mail);
  return (
    <div className={styles["mail"]} role="status">
      <p className={styles["outcome"]}>
        <StateShape state={state} /> {words}
      </p>
      {help && <p className="dimmed">{help}</p>}
      {mail.state !== "kept" && (mail.attempts > 0 || mail.state !== "queued") && (
        <Facts facts={[{ name: texts.firstSteps.mail.answer, value: answer || texts.firstSteps.mail.noAnswer }]} />
      )}
      <Link to="/outbox" search={{ mail: mailId }}>
        {texts.firstSteps.mail.show}
      </Link>
    </div>
  );
}
