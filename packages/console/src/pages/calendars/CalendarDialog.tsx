/** Adds a calendar, or changes one. */
import type { Calendar, NewCalendar } from "@hauswart/protocol/api/calendars.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { Meaning } from "./Meaning.tsx";
import { readSpans, writeSpans } from "./spans.ts";
import { WeekFields, weekdays, type WeekTexts, type Weekday } from "./WeekFields.tsx";

const usual: WeekTexts = { 1: "09:00–18:00", 2: "09:00–18:00", 3: "09:00–18:00", 4: "09:00–18:00", 5: "09:00–18:00", 6: "", 7: "" };
const mondayToFriday: readonly Weekday[] = [1, 2, 3, 4, 5];
const textsOf = (hours: Calendar["hours"]): WeekTexts =>
  Object.fromEntries(weekdays.map((day) => [day, writeSpans(hours[day] ?? [])])) as Record<Weekday, string>;

/** Undefined while a line is not understood. */
function hoursOf(week: WeekTexts): NewCalendar["hours"] | undefined {
  const days = weekdays.map((day) => [day, readSpans(week[day])] as const);
  if (days.some(([, spans]) => spans === undefined)) return undefined;
  return Object.fromEntries(days.filter(([, spans]) => spans!.length > 0)) as NewCalendar["hours"];
}

interface Props {
  /** Undefined: a new one. */
  readonly calendar: Calendar | undefined;
  readonly sets: ResponseOf<"listCalendars">["holidaySets"];
  readonly onClose: () => void;
}

export function CalendarDialog({ calendar, sets, onClose }: Props) {
  const { calendars: texts, shell } = useTexts();
  const [name, setName] = useState(calendar?.name ?? "");
  const [week, setWeek] = useState<WeekTexts>(calendar ? textsOf(calendar.hours) : usual);
  const [workingDays, setWorkingDays] = useState<readonly Weekday[]>(calendar?.workingDays ?? mondayToFriday);
  const [holidaySetId, setHolidaySetId] = useState<string | null>(
    calendar ? calendar.holidaySetId : (sets.find(({ source }) => source === "DE")?.holidaySetId ?? null),
  );
  const [halfDaysWork, setHalfDaysWork] = useState(calendar?.halfDaysWork ?? true);
  const touches = ["listCalendars", "getCalendarsInForce"] as const;
  const options = { touches, quiet: true, message: () => texts.saved, onDone: onClose };
  const create = useChange("createCalendar", options);
  const change = useChange("changeCalendar", options);
  const hours = hoursOf(week);
  const entered = { name: name.trim(), hours, workingDays: [...workingDays], holidaySetId, halfDaysWork };
  const changes = useChangedFields(entered);
  const definition = hours && { ...entered, hours };
  return (
    <FormDialog
      title={calendar ? texts.editTitle(calendar.name) : texts.add}
      action={calendar ? shell.save : texts.add}
      error={create.error ?? change.error}
      isPending={create.isPending || change.isPending}
      isIncomplete={entered.name === "" || definition === undefined || (calendar !== undefined && Object.keys(changes).length === 0)}
      isWide
      onSubmit={() => {
        if (!definition) return;
        if (calendar) change.mutate({ params: { calendarId: calendar.calendarId }, body: changes });
        else create.mutate({ body: definition });
      }}
      onClose={onClose}
    >
      <TextInput
        label={texts.name}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <WeekFields hours={week} workingDays={workingDays} onHours={setWeek} onWorkingDays={setWorkingDays} />
      <div role="status">
        {workingDays.length === 0 && (
          <StateMark state="warning" wraps>
            {texts.noWorkingDayNote}
          </StateMark>
        )}
      </div>
      <Select
        label={texts.holidays}
        placeholder={texts.noHolidays}
        clearable
        data={sets.map((set) => ({ value: set.holidaySetId, label: set.name }))}
        value={holidaySetId}
        onChange={setHolidaySetId}
      />
      <Checkbox label={texts.halfDaysWork} checked={halfDaysWork} onChange={(event) => setHalfDaysWork(event.currentTarget.checked)} />
      {definition && <Meaning calendar={definition} />}
    </FormDialog>
  );
}
