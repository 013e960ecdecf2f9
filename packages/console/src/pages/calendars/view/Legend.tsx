/** What the marks and bars of the grid mean. */
import { useTexts } from "../../../texts/texts.tsx";
import type { Shown } from "./MonthGrid.tsx";
import styles from "./view.module.css";

const kinds = ["open", "short", "holiday", "closed"] as const;

export function Legend({ shown }: { shown: readonly Shown[] }) {
  const { calendarView: texts } = useTexts();
  return (
    <ul className={styles["legend"]}>
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={styles["swatch"]} data-kind={kind} aria-hidden>
            {texts.marks[kind]}
          </span>
          {texts.kinds[kind]}
        </li>
      ))}
      <li>
        <span aria-hidden>{texts.marks.own}</span> {texts.ownDay}
      </li>
      {shown.length > 1 &&
        shown.map(({ calendarId, name }, place) => (
          <li key={calendarId}>
            <span className={styles["bar"]} data-place={place} aria-hidden>
              <span style={{ insetInlineStart: 0, width: "100%" }} />
            </span>
            {name}
          </li>
        ))}
    </ul>
  );
}
