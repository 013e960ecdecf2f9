/** What is asked before something is done to findings. */
import { ContactDialog } from "../care/ContactDialog.tsx";
import { AcknowledgeDialog } from "./AcknowledgeDialog.tsx";
import type { Inbox } from "./inbox.ts";
import { KeysHelp } from "./KeysHelp.tsx";
import { NoteDialog } from "./NoteDialog.tsx";

export function FindingDialogs({ inbox }: { inbox: Inbox }) {
  const { asked, setAsked, incidents, actions, goOn } = inbox;
  const close = () => setAsked(null);
  if (asked === null) return null;
  if (asked.kind === "help") return <KeysHelp onClose={close} />;
  if (asked.kind === "note")
    return (
      <NoteDialog
        findings={asked.findings}
        onClose={close}
        onNote={(note) => {
          void actions.note(asked.findings, note);
          goOn(false);
        }}
      />
    );
  if (asked.kind === "contact") return <ContactDialog findings={asked.findings} onClose={close} onDone={() => goOn(false)} />;
  return (
    <AcknowledgeDialog
      findings={asked.findings}
      behind={asked.findings.flatMap(({ findingId }) =>
        incidents.unfolded.has(findingId) ? [] : (incidents.behind.get(findingId) ?? []).filter(({ state }) => state === "open"),
      )}
      onClose={close}
      onAcknowledge={(findings, answer) => {
        void actions.acknowledge(findings, answer);
        goOn(true);
      }}
    />
  );
}
