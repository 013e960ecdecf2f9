/** The frame of a page: title, what it shows, actions, content. */
import { useEffect, type ReactNode } from "react";
import styles from "./Page.module.css";

interface Props {
  readonly title: string;
  /** Beside the title: how many, of what. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** Filters, below the title. */
  readonly filters?: ReactNode;
  /** The content brings its own scrolling and fills the height; else the page scrolls. */
  readonly filling?: boolean;
  /** Texts and forms are not wider than people read. */
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, note, actions, filters, filling = false, narrow = false, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Hauswart`;
  }, [title]);
  return (
    <div className={styles["page"]} data-filling={filling || undefined} data-narrow={narrow || undefined}>
      <header className={styles["head"]}>
        <h1 className={styles["title"]}>{title}</h1>
        {note && <div className={styles["note"]}>{note}</div>}
        {actions && <div className={styles["actions"]}>{actions}</div>}
      </header>
      {filters && <div className={styles["filters"]}>{filters}</div>}
      <div className={styles["body"]}>{children}</div>
    </div>
  );
}

/** A part of a page with a heading. */
export function Section({ title, note, actions, children }: { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles["section"]}>
      <header className={styles["sectionHead"]}>
        <h2>{title}</h2>
        {note && <span className="dimmed">{note}</span>}
        {actions && <span className={styles["actions"]}>{actions}</span>}
      </header>
      {children}
    </section>
  );
}

/** Two halves of a page, beside each other where there is room, else one below the other. */
export function Columns({ children }: { children: [ReactNode, ReactNode] }) {
  return <div className={styles["columns"]}>{children}</div>;
}

/** What still stands from the question before, greyed until the new answer is there. */
export function Stale({ isStale, children }: { isStale: boolean; children: ReactNode }) {
  return (
    <div className={styles["answer"]} data-stale={isStale || undefined} aria-busy={isStale || undefined}>
      {children}
    </div>
  );
}
