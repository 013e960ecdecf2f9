/** In a form: somebody else has saved meanwhile, and this is what became of it. */
import { Button } from "@mantine/core";
import { useTexts } from "../../texts/texts.tsx";
import { StateShape } from "../StateMark.tsx";
import styles from "../notes.module.css";
import type { Revised } from "./use-revised.ts";

interface Props<Draft> {
  readonly revised: Pick<Revised<unknown, Draft>, "met" | "takeSaved">;
  /** What the fields are called in the form. */
  readonly labels: Readonly<Record<keyof Draft, string>>;
}

export function MetNote<Draft>({ revised: { met, takeSaved }, labels }: Props<Draft>) {
  const { shell } = useTexts();
  if (!met) return null;
  const fields = met.both.map((field) => labels[field]);
  return (
    <div className={styles["error"]} role="alert">
      <p className={styles["lead"]}>
        <StateShape state="warning" /> {shell.metTitle}
      </p>
      <p className="dimmed">{fields.length === 0 ? shell.metTogether : shell.metBoth(fields.join(", "))}</p>
      <p className={styles["foot"]}>
        <Button variant="default" onClick={takeSaved}>
          {shell.metTake}
        </Button>
      </p>
    </div>
  );
}
