/** What each key does, as an overlay. */
import { Kbd } from "@mantine/core";
import { Dialog } from "../../components/Dialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./findings.module.css";

/** Keys in the order of their use. Those in brackets are words in the reader's language. */
const rows = [
  { keys: ["j", "k"], does: "move" },
  { keys: ["enter"], does: "open" },
  { keys: ["esc"], does: "close" },
  { keys: ["o"], does: "fold" },
  { keys: ["a"], does: "acknowledge" },
  { keys: ["n"], does: "note" },
  { keys: ["c"], does: "contact" },
  { keys: ["1", "2", "3"], does: "judge" },
  { keys: ["u"], does: "undo" },
  { keys: ["x"], does: "select" },
  { keys: ["shift", "x"], does: "range" },
  { keys: ["*"], does: "all" },
  { keys: ["r"], does: "showNew" },
  { keys: ["?"], does: "help" },
] as const;

export function KeysHelp({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const names: Readonly<Record<string, string>> = texts.keys.names;
  return (
    <Dialog onClose={onClose} title={texts.keys.title}>
      <dl className={styles["keyList"]}>
        {rows.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="sm">
                  {names[key] ?? key}
                </Kbd>
              ))}
            </dt>
            <dd>{texts.keys.does[does]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
