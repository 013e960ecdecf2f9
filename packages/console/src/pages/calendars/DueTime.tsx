/** When a promise would be due: a moment and so many hours of service, and each span that counts. Reckoned by the server. */
import type { CalendarPreview } from "@hauswart/protocol/api/calendars.ts";
import { formatFor, type Format } from "@hauswart/protocol/format.ts";
import { Button, NumberInput, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { localText, ownTimeZone } from "../../components/local-text.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { Stale } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./calendars.module.css";
import { countedRows } from "./counted-rows.ts";
import { definitionOf, type Definition } from "./definition.ts";

const promises = [4, 24] as const;

interface Props {
  readonly calendar: Definition;
  /** IANA name; left out: the house's. */
  readonly timeZone?: string;
  /** Below the answer, by what was reckoned. */
  readonly foot?: (preview: CalendarPreview) => string;
}

export function DueTime({ calendar, timeZone, foot }: Props) {
  const { texts } = useSpeech();
  const [openedAtMs] = useState(() => Date.now());
  const [reported, setReported] = useState(() => localText(timeZone ?? ownTimeZone(), openedAtMs));
  const [hours, setHours] = useState<number>(promises[0]);
  const isAsked = /^(?:19[7-9]|[2-9]\d\d)\d-/.test(reported) && hours > 0 && hours <= 1_000;
  const asked = {
    calendar: definitionOf(calendar),
    year: Number(reported.slice(0, 4)),
    reportedAtLocal: reported.slice(0, 16),
    hours: [hours],
    ...(timeZone ? { timeZone } : {}),
  };
  const { data, error, isPlaceholderData } = useQuery({
    ...query("previewCalendar", { body: asked }),
    placeholderData: keepPreviousData,
    enabled: isAsked,
  });
  return (
    <div className={styles["meaning"]}>
      <div className={styles["choices"]}>
        <TextInput
          type="datetime-local"
          label={texts.calendars.reportedAt}
          value={reported}
          onChange={(event) => setReported(event.currentTarget.value)}
        />
        <NumberInput
          label={texts.calendars.promise}
          w={150}
          min={0.25}
          max={1_000}
          decimalScale={2}
          value={hours}
          onChange={(value) => setHours(typeof value === "number" ? value : 0)}
        />
        {promises.map((count) => (
          <Button key={count} variant="default" aria-pressed={hours === count} onClick={() => setHours(count)}>
            {texts.calendars.hoursShort(count)}
          </Button>
        ))}
      </div>
      {error && <ErrorNote error={error} />}
      {data?.fault && (
        <Stale isStale={isPlaceholderData || !isAsked}>
          <div aria-live="polite">
            <Answer data={data} calendar={calendar} />
            <p className="dimmed">
              {foot?.(data)} {texts.calendars.inWorkingTime(data.timeZone)}
            </p>
          </div>
        </Stale>
      )}
    </div>
  );
}

function Answer({ data, calendar }: { data: CalendarPreview; calendar: Definition }) {
  const { texts, format: own, language, writeDay } = useSpeech();
  const fault = data.fault!;
  const due = fault.due[0]!;
  // What is skipped over the turn of the year is explained from the next one's days.
  const dueYear = due.at === null ? data.year : new Date(due.at).getUTCFullYear();
  const next = useQuery({
    ...query("previewCalendar", { body: { calendar: definitionOf(calendar), year: data.year + 1, timeZone: data.timeZone, hours: [] } }),
    enabled: dueYear > data.year,
  });
  const format: Format = formatFor(language, data.timeZone);
  const moment = (iso: string | null) => (iso === null ? texts.calendars.never : format.dateTime(Date.parse(iso)));
  const days = dueYear > data.year ? [...data.days, ...(next.data?.days ?? [])] : data.days;
  const rows = countedRows(due.counted, days, data.timeZone);
  return (
    <>
      <Facts
        facts={[
          { name: texts.calendars.clockStarts, value: fault.isOpen ? texts.calendars.atOnce : moment(fault.opensAt) },
          { name: texts.calendars.dueAfter(due.hours), value: <strong>{moment(due.at)}</strong> },
        ]}
      />
      {rows.length > 0 && (
        <PlainTable
          label={texts.calendars.countedSpans}
          columns={[
            { header: texts.calendars.day, width: "112px" },
            { header: texts.calendars.countedSpans, wraps: true },
            { header: texts.calendars.together, width: "96px", align: "end" },
          ]}
          rows={rows.map((row) => ({
            key: row.key,
            cells: [
              writeDay.short(row.day),
              row.span ? (
                `${format.time(row.span.fromMs)}–${format.time(row.span.toMs)}`
              ) : (
                <span className="dimmed">{texts.calendars.notCounted(row.why)}</span>
              ),
              row.span ? texts.calendars.hoursShort(own.number(row.totalMinutes / 60, 2)) : "",
            ],
          }))}
        />
      )}
      {due.hasMore && <p className="dimmed">{texts.calendars.moreSpans}</p>}
    </>
  );
}
