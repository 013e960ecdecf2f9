/** The foot of a printed page: where it comes from, and when it was printed. Not on the screen. */
import { useRouterState } from "@tanstack/react-router";
import { usePrinting } from "../components/printing.ts";
import { useSpeech } from "../texts/texts.tsx";
import styles from "./Shell.module.css";

export function PrintFoot() {
  const { texts, format } = useSpeech();
  const href = useRouterState({ select: (state) => state.location.href });
  // Drawn anew when printing begins, so that the time is the time of the paper.
  usePrinting();
  return (
    <footer className={styles["printFoot"]}>
      <div>{location.origin + href}</div>
      <div>{texts.print.printed(format.dateTime(Date.now()))}</div>
    </footer>
  );
}
