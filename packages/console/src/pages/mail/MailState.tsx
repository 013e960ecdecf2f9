/** What became of a mail, by shape, word and colour. */
import type { OutboxMail } from "@hauswart/protocol/api/mails.ts";
import type { CheckState } from "@hauswart/protocol/check.ts";
import { StateMark } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";

const isTrouble = ({ action }: OutboxMail["reports"][number]) => action === "failed" || action === "delayed";

/** A mail that waits for its first attempt is not trouble; one that has failed already is. */
function stateOf({ state, attempts, refusals, reports }: OutboxMail): CheckState {
  if (state === "refused" || state === "returned") return "failure";
  if (state === "queued") return attempts > 0 ? "warning" : "unknown";
  if (state === "kept") return "unknown";
  return refusals.length > 0 || reports.some(isTrouble) ? "warning" : "ok";
}

export function MailState({ mail }: { mail: OutboxMail }) {
  const texts = useTexts();
  return (
    <span title={texts.outbox.statesHelp[mail.state]}>
      <StateMark state={stateOf(mail)}>{texts.outbox.states[mail.state]}</StateMark>
    </span>
  );
}
