/** What a calendar would mean, saved or not: the sums of a year, and when a fault would be due. Reckoned by the server. */
import type { NewCalendar } from "@hauswart/protocol/api/calendars.ts";
import { TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { ErrorNote } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./calendars.module.css";

/** A moment as a field for date and time takes it, in the reader's time zone. */
function localText(atMs: number): string {
  const date = new Date(atMs);
  return new Date(atMs - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function Meaning({ calendar }: { calendar: Omit<NewCalendar, "name"> }) {
  const { texts, format } = useSpeech();
  const [openedAtMs] = useState(() => Date.now());
  const [reported, setReported] = useState(() => localText(openedAtMs));
  const at = new Date(reported);
  const reportedAt = Number.isNaN(at.getTime()) ? undefined : at.toISOString();
  const year = at.getFullYear() >= 1_971 && at.getFullYear() <= 9_998 ? at.getFullYear() : new Date(openedAtMs).getFullYear();
  const { data, error } = useQuery({
    ...query("previewCalendar", { body: { calendar, year, ...(reportedAt ? { reportedAt } : {}) } }),
    placeholderData: keepPreviousData,
  });
  const moment = (iso: string | null) => (iso === null ? texts.calendars.never : format.dateTime(Date.parse(iso)));
  return (
    <section className={styles["meaning"]} aria-label={texts.calendars.meaning}>
      <strong>{texts.calendars.meaning}</strong>
      <TextInput
        type="datetime-local"
        label={texts.calendars.reportedAt}
        value={reported}
        onChange={(event) => setReported(event.currentTarget.value)}
      />
      {error && <ErrorNote error={error} />}
      {data && (
        <div aria-live="polite">
          {data.fault && (
            <Facts
              facts={[
                {
                  name: texts.calendars.clockStarts,
                  value: data.fault.isOpen ? texts.calendars.atOnce : moment(data.fault.opensAt),
                },
                ...data.fault.due.map(({ hours, at: due }) => ({ name: texts.calendars.dueAfter(hours), value: moment(due) })),
              ]}
            />
          )}
          <p className="dimmed">
            {texts.calendars.yearSum(data.year, data.workingDays, format.number(data.openHours))}.{" "}
            {texts.calendars.inWorkingTime(data.timeZone)}
          </p>
        </div>
      )}
    </section>
  );
}
