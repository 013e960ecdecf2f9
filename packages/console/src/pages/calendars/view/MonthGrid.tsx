/** A month as a grid of days: arrows move by day and week, Page keys by month, Enter opens the day. One cell is in the tab order. */
import { useEffect, useRef, type FocusEvent, type KeyboardEvent } from "react";
import { useSpeech, type Texts } from "../../../texts/texts.tsx";
import { placeOf, writeSpans } from "../spans.ts";
import { weekdays } from "../WeekFields.tsx";
import { isDay, kindOf, movedBy, weeksOf, type CalendarDay } from "./month.ts";
import styles from "./view.module.css";

/** One calendar that is shown, by its days. */
export interface Shown {
  readonly calendarId: string;
  readonly name: string;
  readonly days: ReadonlyMap<string, CalendarDay>;
}

interface Props {
  /** The calendar that the page is about, then those shown with it. */
  readonly shown: readonly [Shown, ...Shown[]];
  /** YYYY-MM-DD. */
  readonly selected: string;
  readonly today: string;
  /** Days of the list that somebody added or changed. */
  readonly own: ReadonlySet<string>;
  readonly onSelect: (day: string) => void;
  /** Enter on a day: the selected one, or one that is about to be. */
  readonly onOpen: (day: string) => void;
}

export function MonthGrid({ shown, selected, today, own, onSelect, onOpen }: Props) {
  const { texts, writeDay } = useSpeech();
  const grid = useRef<HTMLTableElement>(null);
  /** Where the keyboard has gone: the address, and with it what is selected, follows later than people type. */
  const goal = useRef<string>(undefined);
  useEffect(() => {
    if (goal.current === undefined) return;
    grid.current?.querySelector<HTMLElement>(`[data-day="${selected}"]`)?.focus();
    if (goal.current === selected) goal.current = undefined;
  });
  const press = (event: KeyboardEvent) => {
    const next = movedBy(event.key, goal.current ?? selected);
    if (event.ctrlKey || event.altKey || event.metaKey || (next === undefined && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (next === undefined) return onOpen(goal.current ?? selected);
    if (!isDay(next)) return;
    goal.current = next;
    onSelect(next);
  };
  const leave = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) goal.current = undefined;
  };
  const choose = (day: string) => {
    goal.current = undefined;
    onSelect(day);
  };
  const dayLabel = (one: CalendarDay) =>
    `${writeDay.long(one.day)}: ${kindText(texts, one)}${own.has(one.day) ? `, ${texts.calendarView.ownDay}` : ""}`;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- the grid of dates of the ARIA authoring practices is a table
    <table className={styles["grid"]} role="grid" aria-label={writeDay.month(selected)} ref={grid} onKeyDown={press} onBlur={leave}>
      <thead>
        <tr>
          {weekdays.map((day) => (
            <th key={day} scope="col" abbr={texts.calendars.weekdays[day]}>
              {texts.calendars.shortDays[day]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(selected.slice(0, 7)).map((week, index) => (
          <tr key={week.find((day) => day !== null) ?? index}>
            {week.map((day, column) => {
              if (day === null) return <td key={`${index} ${column}`} className={styles["blank"]} />;
              // A year that is still being asked for has its days, so that the keyboard stays where it is.
              const one = shown[0].days.get(day);
              return (
                <td
                  key={day}
                  className={styles["cell"]}
                  data-day={day}
                  data-kind={one && kindOf(one)}
                  aria-selected={day === selected}
                  aria-current={day === today ? "date" : undefined}
                  tabIndex={day === selected ? 0 : -1}
                  onClick={() => choose(day)}
                  onDoubleClick={() => onOpen(day)}
                >
                  <span className="visually-hidden">{one ? dayLabel(one) : writeDay.long(day)}</span>
                  {one ? <Cell day={one} isOwn={own.has(day)} shown={shown} /> : <span aria-hidden>{Number(day.slice(8))}</span>}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Kind, name, hours: all that a cell shows, to be heard. */
function kindText(texts: Texts, day: CalendarDay): string {
  const hours = writeSpans(day.spans);
  return [texts.calendarView.kinds[kindOf(day)], ...(day.holiday === null ? [] : [day.holiday]), ...(hours === "" ? [] : [hours])].join(
    ", ",
  );
}

function Cell({ day, isOwn, shown }: { day: CalendarDay; isOwn: boolean; shown: Props["shown"] }) {
  const { calendarView: texts } = useSpeech().texts;
  const kind = kindOf(day);
  return (
    <div className={styles["inner"]} aria-hidden>
      <span className={styles["number"]}>{Number(day.day.slice(8))}</span>
      <span className={styles["mark"]}>
        {texts.marks[kind]}
        {isOwn && texts.marks.own}
      </span>
      <span className={styles["name"]}>{day.holiday ?? ""}</span>
      <span className={styles["hours"]}>{shown.length === 1 ? writeSpans(day.spans) : ""}</span>
      <span className={styles["bars"]}>
        {shown.map(({ calendarId, days }, place) => (
          <Bar key={calendarId} day={days.get(day.day)} place={place} />
        ))}
      </span>
    </div>
  );
}

/** The hours of a day from midnight to midnight. */
function Bar({ day, place }: { day: CalendarDay | undefined; place: number }) {
  return (
    <span className={styles["bar"]} data-place={place}>
      {(day?.spans ?? []).map((span) => {
        const { start, length } = placeOf(span);
        return <span key={span.from} style={{ insetInlineStart: `${start}%`, width: `${length}%` }} />;
      })}
    </span>
  );
}
