/** What the server itself has to report, and whether the page is up to date. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../api/queries.ts";
import { StateShape } from "../components/StateMark.tsx";
import { useSpeech } from "../texts/texts.tsx";
import { useLive } from "./live.tsx";
import styles from "./ServerNotes.module.css";

/** Below this the server's own disk is worth a word; its database needs room to breathe. */
export const lowDiskBytes = 5_000_000_000;

export function ServerNotes() {
  const { format, texts } = useSpeech();
  const live = useLive();
  const { data } = useQuery({ ...query("getOverview", {}), refetchInterval: 60_000 });
  const server = data?.server;
  return (
    <div className={styles["notes"]} role="status">
      {server && server.mailStuck > 0 && (
        <Link to="/outbox" search={{ state: "queued" }} className={styles["note"]} title={texts.shell.mailStuck(server.mailStuck)}>
          <StateShape state="warning" />
          <span>{texts.shell.mailStuck(server.mailStuck)}</span>
        </Link>
      )}
      {server && server.diskFreeBytes !== null && server.diskFreeBytes < lowDiskBytes && (
        <Link to="/" className={styles["note"]} title={texts.shell.diskLow(format.bytes(server.diskFreeBytes))}>
          <StateShape state="failure" />
          <span>{texts.shell.diskLow(format.bytes(server.diskFreeBytes))}</span>
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
