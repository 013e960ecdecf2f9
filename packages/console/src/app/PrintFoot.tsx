/** The foot of a printed page: where it comes from, and when it was printed. Not on the screen. */
import { useRouterState } from "@tanstack/react-router";
import { useNow } from "../components/now.ts";
import { useSpeech } from "../texts/texts.tsx";
import styles from "./Shell.module.css";

export function PrintFoot() {
  const { texts, format } = useSpeech();
  const href = useRouterState({ select: (state) => state.location.href });
  const now = useNow();
  return (
    <footer className={styles["printFoot"]}>
      <div>{location.origin + href}</div>
      <div>{texts.print.printed(format.dateTime(now))}</div>
    </footer>
  );
}
