/** A calendar by months: which days are open, which are not and why, own days by a click, and when a promise would be due. */
import type { Calendar } from "@hauswart/protocol/api/calendars.ts";
import { calendarPurposes } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, Select } from "@mantine/core";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { query } from "../../../api/queries.ts";
import { useCustomers, useScope } from "../../../app/customers.ts";
import { useMay } from "../../../app/session.ts";
import { dayIn } from "../../../components/local-text.ts";
import { ErrorNote, Loading } from "../../../components/notes.tsx";
import { Page, Section, Stale } from "../../../components/Page.tsx";
import { useSpeech } from "../../../texts/texts.tsx";
import { DayDialog } from "../DayDialog.tsx";
import { definitionOf } from "../definition.ts";
import { DueTime } from "../DueTime.tsx";
import { DayDetail } from "./DayDetail.tsx";
import { Legend } from "./Legend.tsx";
import { addMonths, isDay } from "./month.ts";
import { MonthGrid, type Shown } from "./MonthGrid.tsx";
import { Purposes } from "./Purposes.tsx";
import styles from "./view.module.css";
import { YearStrip } from "./YearStrip.tsx";

const route = getRouteApi("/app/calendars/$calendarId");

type Lists = ResponseOf<"listCalendars">;
type InForce = ResponseOf<"getCalendarsInForce">;

export function CalendarPage() {
  const { calendars: texts } = useSpeech().texts;
  const { calendarId } = route.useParams();
  const { site } = route.useSearch();
  const customerId = useScope();
  const lists = useQuery(query("listCalendars"));
  const place = { ...(customerId ? { customerId } : {}), ...(site ? { siteId: site } : {}) };
  const inForce = useQuery(query("getCalendarsInForce", { query: place }));
  const calendar = lists.data?.calendars.find((one) => one.calendarId === calendarId);
  const error = lists.error ?? inForce.error;
  if (!lists.data || !inForce.data)
    return (
      <Page title={texts.title}>
        {error ? (
          <ErrorNote
            error={error}
            onRetry={() => {
              void lists.refetch();
              void inForce.refetch();
            }}
          />
        ) : (
          <Loading />
        )}
      </Page>
    );
  if (!calendar) return <Page title={texts.title}>{texts.noSuchCalendar}</Page>;
  return <View calendar={calendar} lists={lists.data} inForce={inForce.data} />;
}

interface Props {
  readonly calendar: Calendar;
  readonly lists: Lists;
  readonly inForce: InForce;
}

/** Other calendars that are shown with it, by the address. */
function useOthers({ calendar, lists }: Pick<Props, "calendar" | "lists">): readonly Calendar[] {
  const chosen = route.useSearch().with?.split(",") ?? [];
  return lists.calendars.filter(({ calendarId }) => chosen.includes(calendarId) && calendarId !== calendar.calendarId);
}

function useDays(calendars: readonly Calendar[], { year, timeZone }: { year: number; timeZone: string }) {
  return useQueries({
    queries: calendars.map((calendar) => ({
      ...query("previewCalendar", { body: { calendar: definitionOf(calendar), year, timeZone, hours: [] } }),
      placeholderData: keepPreviousData,
    })),
  });
}

function View({ calendar, lists, inForce }: Props) {
  const { texts, format, writeDay } = useSpeech();
  const { day: asked } = route.useSearch();
  const navigate = useNavigate({ from: "/calendars/$calendarId" });
  const [openedAtMs] = useState(() => Date.now());
  const [edited, setEdited] = useState<string>();
  const mayChange = useMay("settings:write", null);
  const today = dayIn(inForce.timeZone, openedAtMs);
  const selected = isDay(asked) ? asked : today;
  const year = Number(selected.slice(0, 4));
  const others = useOthers({ calendar, lists });
  const [main, ...rest] = useDays([calendar, ...others], { year, timeZone: inForce.timeZone });
  const { holidaySetId } = calendar;
  const entries = useQuery({
    ...query("listHolidays", { params: { holidaySetId: holidaySetId ?? "" }, query: { year } }),
    enabled: holidaySetId !== null,
  });
  const select = (day: string) => {
    setEdited(undefined);
    if (isDay(day)) void navigate({ search: (before) => ({ ...before, day }), replace: true, resetScroll: false });
  };
  const data = main?.data;
  const shownOf = (one: Calendar, days: typeof data): Shown => ({
    calendarId: one.calendarId,
    name: one.name,
    days: new Map((days?.days ?? []).map((day) => [day.day, day])),
  });
  const shown = [shownOf(calendar, data), ...others.map((one, index) => shownOf(one, rest[index]?.data))] as [Shown, ...Shown[]];
  const holidays = holidaySetId === null ? [] : (entries.data?.holidays ?? []);
  const entry = holidays.find(({ day }) => day === selected);
  const own = new Set(
    holidays.filter(({ isRemoved, isEdited, isFromSource }) => !isRemoved && (isEdited || !isFromSource)).map(({ day }) => day),
  );
  const current = shown[0].days.get(selected);
  const month = (data?.days ?? []).filter(({ day }) => day.startsWith(selected.slice(0, 7)));
  const isFilled = holidays.some(({ isFromSource }) => isFromSource);
  const hasSource = lists.holidaySets.some((set) => set.holidaySetId === holidaySetId && set.source !== null);
  return (
    <Page
      title={calendar.name}
      note={texts.calendarView.sum(
        month.filter(({ isWorkingDay }) => isWorkingDay).length,
        format.number(month.reduce((sum, { openMinutes }) => sum + openMinutes, 0) / 60, 2),
        writeDay.month(selected),
      )}
      actions={
        <Button variant="default" renderRoot={(props) => <Link to="/calendars" {...props} />}>
          {texts.calendarView.all}
        </Button>
      }
      filters={<Choices calendar={calendar} lists={lists} inForce={inForce} />}
    >
      {main?.error && <ErrorNote error={main.error} onRetry={() => void main.refetch()} />}
      <Stale isStale={main?.isPlaceholderData === true}>
        <div className={styles["view"]}>
          <div className={styles["main"]}>
            <Steps selected={selected} today={today} label={writeDay.month(selected)} onSelect={select} />
            {hasSource && entries.data && !isFilled && <p role="note">{texts.calendarView.notFilled(year)}</p>}
            <MonthGrid
              shown={shown}
              selected={selected}
              today={today}
              own={own}
              onSelect={select}
              onOpen={(day) => mayChange && setEdited(day)}
            />
            <Legend shown={shown} />
          </div>
          {current && (
            <DayDetail calendar={calendar} shown={shown} day={current} entry={entry} lists={lists} onEdit={() => setEdited(selected)} />
          )}
        </div>
      </Stale>
      {data && (
        <Section title={texts.calendarView.year} note={texts.calendars.yearSum(year, data.workingDays, format.number(data.openHours))}>
          <YearStrip days={data.days} selected={selected} today={today} onSelect={select} />
        </Section>
      )}
      <Section title={texts.calendarView.due}>
        <DueTime key={inForce.timeZone} calendar={calendar} timeZone={inForce.timeZone} />
      </Section>
      {edited === selected && holidaySetId !== null && (
        <DayDialog holidaySetId={holidaySetId} holiday={entry ?? selected} isDayFixed onClose={() => setEdited(undefined)} />
      )}
    </Page>
  );
}

/** A month back and on, a year back and on, and today. */
function Steps({ selected, today, label, onSelect }: { selected: string; today: string; label: string; onSelect: (day: string) => void }) {
  const { calendarView: texts } = useSpeech().texts;
  const step = (months: number, name: string, icon: React.ReactNode) => (
    <Button variant="default" size="xs" aria-label={name} title={name} onClick={() => onSelect(addMonths(selected, months))}>
      {icon}
    </Button>
  );
  return (
    <div className={styles["steps"]}>
      {step(-1, texts.monthBack, <ChevronLeft size={16} aria-hidden />)}
      <h2 aria-live="polite">{label}</h2>
      {step(1, texts.monthOn, <ChevronRight size={16} aria-hidden />)}
      <Button variant="default" size="xs" onClick={() => onSelect(today)}>
        {texts.today}
      </Button>
    </div>
  );
}

/** Whose calendars, which one, and what is shown with it. */
function Choices({ calendar, lists, inForce }: Props) {
  const { calendars: texts, calendarView: view } = useSpeech().texts;
  const navigate = useNavigate({ from: "/calendars/$calendarId" });
  const customerId = useScope();
  const customer = useCustomers().data?.find((one) => one.customerId === customerId);
  const held = calendarPurposes.flatMap((purpose) => inForce.calendars.filter((one) => one.purpose === purpose));
  return (
    <>
      <Select
        aria-label={view.calendar}
        w={260}
        allowDeselect={false}
        data={lists.calendars.map((one) => ({ value: one.calendarId, label: one.name }))}
        value={calendar.calendarId}
        onChange={(calendarId) => calendarId && void navigate({ params: { calendarId }, search: (before) => before })}
      />
      <Purposes
        label={customer ? view.holdsFor(customer.name) : view.holdsForHouse}
        calendars={held.map(({ purpose, calendarId, calendarName }) => ({ calendarId, calendarName, purpose: texts.purposes[purpose] }))}
        current={calendar.calendarId}
      />
    </>
  );
}
