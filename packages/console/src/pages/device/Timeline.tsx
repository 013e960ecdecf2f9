/** Everything that happened to the device, newest first. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useList } from "../../api/queries.ts";
import { Moment } from "../../components/Ago.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./device.module.css";

type Event = ItemOf<"listDeviceTimeline">;

/** An event in words: from its kind and what it carries; the server's own text where this console knows no better. */
function useEventWords(): (event: Event) => string {
  const { texts, checkTexts, format } = useSpeech();
  const kinds: Record<string, string> = texts.timeline;
  const reasons: Record<string, string> = texts.presence.reasons;
  return ({ kind, text, detail }) => {
    const kindWords = kinds[kind];
    if (!kindWords) return text;
    const { check, code, subject, evidence, reason, until } = detail;
    if (kind === "slept" && typeof until === "string") return texts.device.sleptUntil(format.dateTime(Date.parse(until)));
    // What is noted with a mail is about the mail, not about what was measured.
    if (kind !== "finding-mailed" && typeof check === "string" && typeof code === "string") {
      const about = {
        code,
        subject: typeof subject === "string" ? subject : "",
        evidence: (evidence ?? {}) as Record<string, string | number | boolean | null>,
      };
      return `${kindWords}: ${checkTexts(check).title(about)}`;
    }
    if (typeof reason === "string" && reasons[reason]) return reasons[reason].charAt(0).toUpperCase() + reasons[reason].slice(1);
    return kindWords;
  };
}

/** Findings show how bad they were, and that they are over. */
function EventShape({ event }: { event: Event }) {
  const { severity } = event.detail;
  if (event.kind === "finding-closed") return <StateShape state="ok" />;
  if ((event.kind === "finding-opened" || event.kind === "finding-changed") && (severity === "warning" || severity === "failure"))
    return <StateShape state={severity} />;
  return null;
}

/** What people do; whatever else happens, the server notices by itself. */
const doneBySomebody = new Set([
  "enrolled",
  "changed",
  "revoked",
  "measure-asked",
  "finding-acknowledged",
  "finding-reopened",
  "finding-noted",
]);

/** The words, leading to the finding where it is about one, and who it was. */
function EventText({ event, words }: { event: Event; words: string }) {
  const texts = useTexts();
  const { findingId, by, note } = event.detail;
  return (
    <span>
      {typeof findingId === "string" ? (
        <Link to="/findings" search={{ finding: findingId }}>
          {words}
        </Link>
      ) : (
        words
      )}
      {typeof by === "string" && doneBySomebody.has(event.kind) && <span className="dimmed"> {texts.findings.by(by)}</span>}
      {typeof note === "string" && note !== "" && <span className="dimmed">: {note}</span>}
    </span>
  );
}

export function Timeline({ deviceId }: { deviceId: string }) {
  const { texts } = useSpeech();
  const words = useEventWords();
  const list = useList("listDeviceTimeline", { params: { deviceId }, query: { limit: 30 } });
  if (list.isLoading) return <Loading />;
  if (list.error && list.rows.length === 0) return <ErrorNote error={list.error} onRetry={list.retry} />;
  if (list.rows.length === 0) return <Empty title={texts.device.noTimeline} />;
  return (
    <>
      <ol className={styles["timeline"]}>
        {list.rows.map((event, index) => (
          <li key={`${event.at} ${event.kind} ${index}`}>
            <span className="dimmed">
              <Moment at={event.at} />
            </span>
            <span className={styles["event"]}>
              <EventShape event={event} />
              <EventText event={event} words={words(event)} />
            </span>
          </li>
        ))}
      </ol>
      {list.hasMore && (
        <Button className={styles["more"]} variant="default" loading={list.isLoadingMore} onClick={list.loadMore}>
          {texts.device.older}
        </Button>
      )}
    </>
  );
}
