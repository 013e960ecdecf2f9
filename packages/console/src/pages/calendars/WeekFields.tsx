/** The week of a calendar: hours as text, one line a day, drawn beside it; and whether the day is a working day. */
import { Checkbox, TextInput } from "@mantine/core";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./calendars.module.css";
import { placeOf, readSpans } from "./spans.ts";

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof weekdays)[number];
export type WeekTexts = Readonly<Record<Weekday, string>>;

interface Props {
  readonly hours: WeekTexts;
  readonly workingDays: readonly Weekday[];
  readonly onHours: (hours: WeekTexts) => void;
  readonly onWorkingDays: (days: Weekday[]) => void;
}

export function WeekFields({ hours, workingDays, onHours, onWorkingDays }: Props) {
  const { calendars: texts } = useTexts();
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend className="visually-hidden">{texts.week}</legend>
      <div className={styles["week"]}>
        {weekdays.map((day) => {
          const spans = readSpans(hours[day]);
          return [
            <span key={`name ${day}`} className={styles["weekday"]}>
              {texts.weekdays[day]}
            </span>,
            <TextInput
              key={`hours ${day}`}
              aria-label={`${texts.hours}: ${texts.weekdays[day]}`}
              placeholder={texts.closed}
              value={hours[day]}
              error={spans === undefined ? texts.notUnderstood : null}
              onChange={(event) => onHours({ ...hours, [day]: event.currentTarget.value })}
            />,
            <div key={`bar ${day}`} className={styles["bar"]} aria-hidden>
              {(spans ?? []).map((span) => {
                const { start, length } = placeOf(span);
                return <span key={span.from} style={{ insetInlineStart: `${start}%`, width: `${length}%` }} />;
              })}
            </div>,
            <Checkbox
              key={`work ${day}`}
              mt={6}
              label={texts.workingDay}
              aria-label={`${texts.workingDay}: ${texts.weekdays[day]}`}
              checked={workingDays.includes(day)}
              onChange={(event) =>
                onWorkingDays(weekdays.filter((one) => (one === day ? event.currentTarget.checked : workingDays.includes(one))))
              }
            />,
          ];
        })}
      </div>
      <p className="dimmed">{texts.weekHelp}</p>
    </fieldset>
  );
}
