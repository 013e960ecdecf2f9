/** Working calendars: hours, holidays, and which the house works by. */
import type { Calendar } from "@hauswart/protocol/api/calendars.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarDays } from "lucide-react";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useTexts, type Texts } from "../../texts/texts.tsx";
import { CalendarDialog } from "./CalendarDialog.tsx";
import { Holidays } from "./Holidays.tsx";
import { writeSpans } from "./spans.ts";
import { weekdays } from "./WeekFields.tsx";

type Lists = ResponseOf<"listCalendars">;

export function CalendarsPage() {
  const { calendars: texts } = useTexts();
  const { data, error, refetch } = useQuery(query("listCalendars"));
  const [edited, setEdited] = useState<Calendar | "new" | null>(null);
  return (
    <Page
      title={texts.title}
      note={texts.lead}
      narrow
      actions={
        <Allowed to="settings:write" of={null}>
          <Button variant="default" onClick={() => setEdited("new")}>
            {texts.add}
          </Button>
        </Allowed>
      }
    >
      {!data && (error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />)}
      {data && <List lists={data} onEdit={setEdited} />}
      {data && <Holidays lists={data} />}
      {data && edited && (
        <CalendarDialog calendar={edited === "new" ? undefined : edited} sets={data.holidaySets} onClose={() => setEdited(null)} />
      )}
    </Page>
  );
}

/** Days with the same hours stand together: Mo–Fr 09:00–18:00. */
function weekText({ hours }: Calendar, texts: Texts["calendars"]): string {
  const groups: { days: (typeof weekdays)[number][]; spans: string }[] = [];
  for (const day of weekdays) {
    const spans = writeSpans(hours[day] ?? []);
    const last = groups.at(-1);
    if (last?.spans === spans) last.days.push(day);
    else groups.push({ days: [day], spans });
  }
  const open = groups.filter(({ spans }) => spans !== "");
  if (open.length === 0) return texts.closed;
  const name = (days: readonly (typeof weekdays)[number][]) =>
    days.length === 1 ? texts.shortDays[days[0]!] : `${texts.shortDays[days[0]!]}–${texts.shortDays[days.at(-1)!]}`;
  return open.map(({ days, spans }) => `${name(days)} ${spans}`).join("; ");
}

/** A calendar for service that has no working day is a mistake; one for quiet hours needs none. */
function Week({ calendar }: { calendar: Calendar }) {
  const { calendars: texts } = useTexts();
  const isIdle = calendar.workingDays.length === 0 && calendar.houseUses.includes("service");
  return (
    <>
      {weekText(calendar, texts)}
      {isIdle && (
        <>
          <br />
          <StateMark state="warning">{texts.noWorkingDay}</StateMark>
        </>
      )}
    </>
  );
}

function List({ lists, onEdit }: { lists: Lists; onEdit: (calendar: Calendar) => void }) {
  const { calendars: texts } = useTexts();
  const remove = useChange("deleteCalendar", { touches: ["listCalendars"], message: () => texts.removed });
  const usedBy = ({ houseUses, placeCount }: Calendar) =>
    [...houseUses.map((purpose) => texts.purposes[purpose]), ...(placeCount > 0 ? [texts.placeCount(placeCount)] : [])].join(", ");
  return (
    <Section title={texts.title}>
      <PlainTable
        label={texts.title}
        stacks
        columns={[
          { header: texts.name, width: "22%", wraps: true },
          { header: texts.hours, wraps: true },
          { header: texts.holidays, width: "20%", wraps: true, from: "md" },
          { header: texts.usedFor, width: "16%", wraps: true, from: "sm" },
          { header: texts.edit, width: "150px", align: "end", isHeaderHidden: true },
        ]}
        rows={lists.calendars.map((calendar) => ({
          key: calendar.calendarId,
          cells: [
            <Link key="name" to="/calendars/$calendarId" params={{ calendarId: calendar.calendarId }}>
              <CalendarDays size={14} aria-hidden style={{ verticalAlign: "-2px" }} /> {calendar.name}
            </Link>,
            <Week key="hours" calendar={calendar} />,
            calendar.holidaySetName ?? <span className="dimmed">{texts.noHolidays}</span>,
            usedBy(calendar) || <span className="dimmed">{texts.unused}</span>,
            <Allowed key="edit" to="settings:write" of={null}>
              <Button variant="subtle" size="compact-xs" aria-label={texts.editTitle(calendar.name)} onClick={() => onEdit(calendar)}>
                {texts.edit}
              </Button>
              {usedBy(calendar) === "" && (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  aria-label={`${texts.remove}: ${calendar.name}`}
                  onClick={() => remove.mutate({ params: { calendarId: calendar.calendarId } })}
                >
                  {texts.remove}
                </Button>
              )}
            </Allowed>,
          ],
        }))}
      />
    </Section>
  );
}
