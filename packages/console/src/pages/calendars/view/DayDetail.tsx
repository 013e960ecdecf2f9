/** A day in words: what holds, why, in which calendars, and what can be done about it. */
import type { Calendar, HolidayDay } from "@hauswart/protocol/api/calendars.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useChange } from "../../../api/change.ts";
import { Allowed } from "../../../app/Allowed.tsx";
import { Facts } from "../../../components/Facts.tsx";
import { useSpeech, type Texts } from "../../../texts/texts.tsx";
import { holidayTouches } from "../DayDialog.tsx";
import { writeSpans } from "../spans.ts";
import { kindOf, wallMinutes, weekdayOf, type CalendarDay } from "./month.ts";
import type { Shown } from "./MonthGrid.tsx";
import styles from "./view.module.css";

interface Props {
  readonly calendar: Calendar;
  readonly shown: readonly [Shown, ...Shown[]];
  readonly day: CalendarDay;
  /** What the list has of this day; undefined: nothing. */
  readonly entry: HolidayDay | undefined;
  readonly lists: ResponseOf<"listCalendars">;
  readonly onEdit: () => void;
}

/** Why the hours are what they are. */
function reason(texts: Texts, { calendar, day, entry }: Pick<Props, "calendar" | "day" | "entry">): string {
  const { calendarView: view, calendars } = texts;
  const list = calendar.holidaySetName ?? "";
  if (entry && !entry.isRemoved) return entry.isFromSource && !entry.isEdited ? view.becauseList(list) : view.becauseOwn(list);
  if (entry) return view.becauseOut(entry.name, list);
  const weekday = calendars.weekdays[weekdayOf(day.day)];
  return kindOf(day) === "closed" ? view.becauseClosed(weekday) : view.becauseWeek(weekday);
}

export function DayDetail({ calendar, shown, day, entry, lists, onEdit }: Props) {
  const { texts, format, writeDay } = useSpeech();
  const { calendarView: view, calendars } = texts;
  const title = writeDay.long(day.day);
  const lost = wallMinutes(day) - day.openMinutes;
  const others = lists.calendars.filter(
    ({ calendarId, holidaySetId }) => holidaySetId !== null && holidaySetId === calendar.holidaySetId && calendarId !== calendar.calendarId,
  );
  return (
    <section className={styles["detail"]} aria-label={title}>
      <h3>{title}</h3>
      <p className={styles["headline"]}>
        {view.kinds[kindOf(day)]}
        {day.holiday !== null && `: ${day.holiday}`}
      </p>
      <p className="dimmed">{reason(texts, { calendar, day, entry })}</p>
      <Facts
        facts={[
          ...shown.map(({ calendarId, name, days }) => ({
            name: shown.length === 1 ? calendars.hours : name,
            value: <span key={calendarId}>{writeSpans(days.get(day.day)?.spans ?? []) || calendars.closed}</span>,
          })),
          { name: view.counted, value: view.hours(format.number(day.openMinutes / 60, 2)) },
          { name: calendars.workingDay, value: day.isWorkingDay ? view.yes : view.no },
        ]}
      />
      {lost !== 0 && <p>{view.clocksChange(format.number(-lost / 60, 2))}</p>}
      {calendar.holidaySetId === null ? (
        <p className="dimmed">{view.noList}</p>
      ) : (
        <Allowed to="settings:write" of={null}>
          <Actions holidaySetId={calendar.holidaySetId} entry={entry} onEdit={onEdit} />
          {others.length > 0 && <p className="dimmed">{view.alsoIn(others.map(({ name }) => name).join(", "))}</p>}
        </Allowed>
      )}
    </section>
  );
}

function Actions({ holidaySetId, entry, onEdit }: { holidaySetId: string; entry: HolidayDay | undefined; onEdit: () => void }) {
  const { calendars: texts, calendarView: view } = useSpeech().texts;
  const remove = useChange("deleteHoliday", { touches: holidayTouches });
  const put = useChange("putHoliday", { touches: holidayTouches });
  if (!entry)
    return (
      <Button variant="default" onClick={onEdit}>
        {view.addOwn}
      </Button>
    );
  const params = { holidaySetId, day: entry.day };
  if (entry.isRemoved)
    return (
      <Button
        variant="default"
        loading={put.isPending}
        onClick={() => put.mutate({ params, body: { name: entry.name, spans: entry.spans } })}
      >
        {texts.putBack}
      </Button>
    );
  return (
    <div className={styles["buttons"]}>
      <Button variant="default" onClick={onEdit}>
        {texts.edit}
      </Button>
      <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate({ params })}>
        {texts.takeOut}
      </Button>
    </div>
  );
}
