/** A list with something opened beside it; on a narrow screen the opened thing covers the list. */
import { ActionIcon } from "@mantine/core";
import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTexts } from "../texts/texts.tsx";
import styles from "./Pane.module.css";

export function Beside({ list, pane }: { list: ReactNode; pane: ReactNode }) {
  return (
    <div className={styles["beside"]} data-open={pane ? true : undefined}>
      <div className={styles["list"]}>{list}</div>
      {pane}
    </div>
  );
}

interface Props {
  readonly label: string;
  readonly onClose: () => void;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Pane({ label, onClose, actions, children }: Props) {
  const texts = useTexts();
  const body = useRef<HTMLElement>(null);
  useEffect(() => {
    body.current?.scrollTo({ top: 0 });
  }, [label]);
  return (
    <section className={styles["pane"]} aria-label={label} ref={body}>
      <div className={styles["bar"]}>
        <span className={styles["actions"]}>{actions}</span>
        <ActionIcon onClick={onClose} aria-label={texts.shell.close}>
          <X size={16} aria-hidden />
        </ActionIcon>
      </div>
      {children}
    </section>
  );
}
