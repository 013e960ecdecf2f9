/** Who is signed in at the device, or was at last. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { Ago } from "../../components/Ago.tsx";
import { useNow } from "../../components/now.ts";
import { signedInTexts } from "../../texts/signed-in.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { gathered, shortName, type Gathered } from "./gathered-sessions.ts";
import styles from "./device.module.css";

type SignedInNow = NonNullable<Device["signedIn"]>;

/** More stand behind a line that opens: a terminal server has dozens. */
const shownAtOnce = 3;
const shownOfMore = 2;

export function SignedIn({ signedIn: { at, isCurrent, people, others } }: { signedIn: SignedInNow }) {
  const words = signedInTexts[useSpeech().language];
  if (at === null)
    return (
      <span className="dimmed" title={words.notKnownHelp}>
        {words.notKnown}
      </span>
    );
  const sessions = gathered(people);
  const shown = sessions.length > shownAtOnce ? shownOfMore : shownAtOnce;
  const [first, rest] = [sessions.slice(0, shown), sessions.slice(shown)];
  const more = rest.length + others;
  return (
    <div className={isCurrent ? undefined : "dimmed"}>
      {people.length === 0 ? words.nobody : first.map((session) => <Session key={session.key} session={session} />)}
      {rest.length > 0 ? (
        <details className={styles["others"]}>
          <summary>{words.more(more)}</summary>
          {rest.map((session) => (
            <Session key={session.key} session={session} />
          ))}
        </details>
      ) : (
        others > 0 && <div className="dimmed">{words.more(others)}</div>
      )}
      {!isCurrent && (
        <div>
          {words.asOf} <Ago at={at} />
        </div>
      )}
    </div>
  );
}

function Session({ session: { name, by, state, since, sessions } }: { session: Gathered }) {
  const { language, format } = useSpeech();
  const now = useNow();
  const words = signedInTexts[language];
  const sinceMs = since === null ? null : Date.parse(since);
  const isToday = sinceMs !== null && new Date(sinceMs).toDateString() === new Date(now).toDateString();
  const how = [
    words.ways[by],
    state === null || state === "active" ? "" : words.states[state],
    sessions > 1 ? words.sessions(sessions) : "",
  ];
  return (
    <div>
      <span className={styles["person"]} title={name}>
        {shortName(name)}
      </span>{" "}
      <span className="dimmed">
        {sinceMs !== null && (
          <time dateTime={since!} title={format.dateTime(sinceMs)}>
            {words.since(isToday ? format.time(sinceMs) : format.dateTime(sinceMs))}
          </time>
        )}{" "}
        ({how.filter((word) => word !== "").join(", ")})
      </span>
    </div>
  );
}
