/** What happened to a finding, oldest first. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Moment } from "../../components/Ago.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./findings.module.css";

/** What people do; whatever else happens, the server notices by itself. */
const deeds: ReadonlySet<string> = new Set(["acknowledged", "reopened", "noted", "ordered", "contacted"]);

export function History({ events }: { events: ResponseOf<"getFinding">["events"] }) {
  const texts = useTexts();
  const sorted = [...events].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return (
    <ol className={styles["history"]}>
      {sorted.map((event) => (
        <li key={`${event.at} ${event.kind}`}>
          <span className="dimmed">
            <Moment at={event.at} />
          </span>
          <div>
            {texts.findings.events[event.kind]}
            {event.severity && event.kind === "changed" && ` (${texts.states[event.severity]})`}
            {deeds.has(event.kind) && <span className="dimmed"> {texts.findings.by(event.actor)}</span>}
            {event.note && event.kind !== "held" && event.kind !== "released" && <p>{event.note}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
