/** A year at a glance, a line a month; a month opens by a click. */
import { useSpeech } from "../../../texts/texts.tsx";
import { kindOf, type CalendarDay } from "./month.ts";
import styles from "./view.module.css";

interface Props {
  readonly days: readonly CalendarDay[];
  /** YYYY-MM-DD. */
  readonly selected: string;
  readonly today: string;
  readonly onSelect: (day: string) => void;
}

export function YearStrip({ days, selected, today, onSelect }: Props) {
  const { texts, writeDay } = useSpeech();
  const months = Map.groupBy(days, ({ day }) => day.slice(0, 7));
  return (
    <div className={styles["year"]}>
      {[...months].map(([month, own]) => {
        const isChosen = selected.startsWith(month);
        return (
          <button
            key={month}
            type="button"
            className={styles["month"]}
            aria-pressed={isChosen}
            onClick={() => onSelect(isChosen ? selected : today.startsWith(month) ? today : `${month}-01`)}
          >
            <span>
              {writeDay.shortMonth(month)}
              <span className="visually-hidden">
                {texts.calendarView.monthLabel(
                  month.slice(0, 4),
                  own.filter(({ isWorkingDay }) => isWorkingDay).length,
                  own.filter(({ holiday }) => holiday !== null).length,
                )}
              </span>
            </span>
            <span className={styles["days"]} aria-hidden>
              {own.map((day) => (
                <span key={day.day} data-kind={kindOf(day)} data-today={day.day === today || undefined} />
              ))}
            </span>
          </button>
        );
      })}
    </div>
  );
}
