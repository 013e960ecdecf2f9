/** A day of a list of holidays: added, renamed, given hours of its own. */
import type { HolidayDay } from "@hauswart/protocol/api/calendars.ts";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { readSpans, writeSpans } from "./spans.ts";

/** What shows days of lists. */
export const holidayTouches = ["listHolidays", "previewCalendar"] as const;

interface Props {
  readonly holidaySetId: string;
  /** The day that is changed; else the day that is proposed for a new one, YYYY-MM-DD. */
  readonly holiday: HolidayDay | string;
  /** The proposed day is the one that is meant. */
  readonly isDayFixed?: boolean;
  readonly onClose: () => void;
}

export function DayDialog({ holidaySetId, holiday, isDayFixed = false, onClose }: Props) {
  const { calendars: texts, shell } = useTexts();
  const known = typeof holiday === "string" ? undefined : holiday;
  const [day, setDay] = useState(typeof holiday === "string" ? holiday : holiday.day);
  const [name, setName] = useState(known?.name ?? "");
  const [hours, setHours] = useState(writeSpans(known?.spans ?? []));
  const put = useChange("putHoliday", { touches: holidayTouches, quiet: true, onDone: onClose });
  const spans = readSpans(hours);
  return (
    <FormDialog
      title={known ? texts.editTitle(known.name) : texts.addDay}
      action={known ? shell.save : texts.addDay}
      error={put.error}
      isPending={put.isPending}
      isIncomplete={name.trim() === "" || spans === undefined || day === ""}
      onSubmit={() => spans && put.mutate({ params: { holidaySetId, day }, body: { name, spans } })}
      onClose={onClose}
    >
      <TextInput
        type="date"
        label={texts.day}
        required
        disabled={known !== undefined || isDayFixed}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <TextInput
        label={texts.dayName}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label={texts.halfDay}
        placeholder="09:00–12:00"
        value={hours}
        error={spans === undefined ? texts.notUnderstood : null}
        onChange={(event) => setHours(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
