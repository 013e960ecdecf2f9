/** What the server itself has to report, and whether the page is up to date. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../api/queries.ts";
import { StateShape } from "../components/StateMark.tsx";
import { useSpeech } from "../texts/texts.tsx";
import { useLive } from "./live.tsx";
import styles from "./ServerNotes.module.css";

type Problem = ResponseOf<"getServerReport">["problems"][number];

/** More notes than this would push everything else off the bar; the list of findings has them all. */
const mostNotes = 2;
const shapes = { hint: "unknown", warning: "warning", failure: "failure" } as const;
const severities = ["failure", "warning", "hint"] as const;

export function ServerNotes() {
  const { format, texts, checkTexts } = useSpeech();
  const live = useLive();
  const { data } = useQuery({ ...query("getServerReport"), refetchInterval: 60_000 });
  const problems = (data?.problems ?? []).toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity));
  const about = checkTexts(serverCheckId);
  return (
    <div className={styles["notes"]} role="status">
      {problems.slice(0, mostNotes).map((problem) => (
        <Note key={`${problem.code} ${problem.subject}`} problem={problem} title={about.title(problem)} help={about.advice(problem)} />
      ))}
      {problems.length > mostNotes && (
        <Link to="/findings" search={{ check: serverCheckId }} className={styles["more"]}>
          {texts.shell.moreNotes(problems.length - mostNotes)}
        </Link>
      )}
      {live.state === "away" && (
        <span className={styles["note"]} title={texts.shell.awayLong}>
          <StateShape state="unknown" />
          <span>{live.awaySinceMs === null ? texts.shell.away : texts.shell.awaySince(format.time(live.awaySinceMs))}</span>
        </span>
      )}
      {live.state === "live" && (
        <span className={styles["live"]} title={texts.shell.liveLong}>
          {texts.shell.live}
        </span>
      )}
    </div>
  );
}

/** Leads to its finding, where it has one. */
function Note({ problem, title, help }: { problem: Problem; title: string; help: string }) {
  const content = (
    <>
      <StateShape state={shapes[problem.severity]} />
      <span>{title}</span>
    </>
  );
  return problem.findingId === null ? (
    <span className={styles["note"]} title={`${title}. ${help}`}>
      {content}
    </span>
  ) : (
    <Link to="/findings" search={{ finding: problem.findingId }} className={styles["note"]} title={`${title}. ${help}`}>
      {content}
    </Link>
  );
}
