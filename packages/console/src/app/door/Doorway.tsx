/** The frame of every page before the sign-in: what it is for, a form, language and look. */
import { useEffect, type ReactNode } from "react";
import { StateShape } from "../../components/StateMark.tsx";
import { codeOf, describeError } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { LanguageSwitch, LookMenu } from "../Head.tsx";
import styles from "./Doorway.module.css";

interface Props {
  /** Title of the page; the heading shows the product's name where `heading` is left out. */
  readonly title: string;
  readonly heading?: string;
  readonly lead?: ReactNode;
  /** There is something to read before the form. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

export function Doorway({ title, heading = "Hauswart", lead, isWide = false, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Hauswart`;
  }, [title]);
  return (
    <main className={styles["page"]}>
      <div className={styles["form"]} data-wide={isWide || undefined}>
        <h1 className={styles["brand"]}>{heading}</h1>
        {lead && <p className="dimmed">{lead}</p>}
        {children}
        <div className={styles["foot"]}>
          <LanguageSwitch />
          <LookMenu />
        </div>
      </div>
    </main>
  );
}

/** What went wrong, beside the field that it speaks of. @param wrong said instead when what was typed is not right. */
export function DoorError({ error, wrong }: { error: Error | null; wrong?: string }) {
  const texts = useTexts();
  if (!error) return null;
  return (
    <p className={styles["error"]} role="alert">
      {wrong !== undefined && isRefused(error) ? wrong : describeError(error, texts)}
    </p>
  );
}

const isRefused = (error: Error) => ["WRONG_CREDENTIALS", "FACTOR_REFUSED", "PROOF_REFUSED"].includes(codeOf(error));

/** What was done, and what comes next. @param state warning: it did not go as was wished */
export function DoorNote({ state = "ok", children }: { state?: "ok" | "warning"; children: ReactNode }) {
  return (
    <p className={styles["note"]} role="status">
      <StateShape state={state} /> <span>{children}</span>
    </p>
  );
}
