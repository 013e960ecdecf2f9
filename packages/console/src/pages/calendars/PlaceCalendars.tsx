/** Which calendars hold for a customer and its sites, and the choice of others. */
import { type CalendarInForce } from "@hauswart/protocol/api/calendars.ts";
import { calendarPurposes } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { Customer, Site } from "@hauswart/protocol/api/models.ts";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarDays } from "lucide-react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { useMay } from "../../app/session.ts";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./calendars.module.css";

interface Place {
  readonly scope: "customer" | "site";
  readonly scopeId: string;
  readonly name: string;
}

export function PlaceCalendars({ customer, sites }: { customer: Customer; sites: readonly Site[] }) {
  const { calendars: texts } = useTexts();
  const { customerId } = customer;
  const places: Place[] = [
    { scope: "customer", scopeId: customerId, name: texts.forCustomer },
    ...sites.map(({ siteId, name }) => ({ scope: "site" as const, scopeId: siteId, name })),
  ];
  const { data } = useQuery(query("getCalendarsInForce", { query: { customerId } }));
  const { data: lists } = useQuery(query("listCalendars"));
  if (!data) return null;
  const isIdle = ({ purpose, calendarId }: CalendarInForce) =>
    purpose === "service" && lists?.calendars.find((calendar) => calendar.calendarId === calendarId)?.workingDays.length === 0;
  const inForceAt = ({ scope, scopeId }: Place) =>
    scope === "customer" ? data.calendars : (data.sites.find(({ siteId }) => siteId === scopeId)?.calendars ?? []);
  return (
    <Section title={texts.ofPlace} note={texts.ofPlaceNote}>
      <PlainTable
        label={texts.ofPlace}
        stacks
        columns={[
          { header: texts.name, width: "16%", wraps: true },
          ...calendarPurposes.map((purpose) => ({ header: texts.purposes[purpose], wraps: true })),
        ]}
        rows={places.map((place) => ({
          key: place.scopeId,
          cells: [
            place.name,
            ...inForceAt(place).map((inForce) => (
              <div key={inForce.purpose}>
                <div className={styles["choice"]}>
                  <Choice place={place} inForce={inForce} />
                  <Link
                    to="/calendars/$calendarId"
                    params={{ calendarId: inForce.calendarId }}
                    search={{ customer: customerId, ...(place.scope === "site" ? { site: place.scopeId } : {}) }}
                    aria-label={texts.show(`${texts.purposes[inForce.purpose]}, ${place.name}: ${inForce.calendarName}`)}
                    title={texts.show(inForce.calendarName)}
                  >
                    <CalendarDays size={14} aria-hidden />
                  </Link>
                </div>
                {isIdle(inForce) && (
                  <span title={texts.noWorkingDayNote}>
                    <StateMark state="warning">{texts.noWorkingDay}</StateMark>
                  </span>
                )}
              </div>
            )),
          ],
        }))}
      />
    </Section>
  );
}

function Choice({ place: { scope, scopeId, name }, inForce }: { place: Place; inForce: CalendarInForce }) {
  const { calendars: texts } = useTexts();
  const mayChange = useMay("customers:write");
  const { data } = useQuery(query("listCalendars"));
  const assign = useChange("assignCalendar", { touches: ["getCalendarsInForce", "listCalendars"], message: () => texts.chosen });
  const { purpose, calendarId, calendarName, from } = inForce;
  if (!mayChange) return from === scope ? calendarName : <span className="dimmed">{calendarName}</span>;
  return (
    <Select
      size="xs"
      variant="unstyled"
      aria-label={`${texts.purposes[purpose]}: ${name}`}
      placeholder={from === "customer" ? texts.ofCustomer(calendarName) : texts.ofHouse(calendarName)}
      clearable
      disabled={assign.isPending}
      data={(data?.calendars ?? []).map((calendar) => ({ value: calendar.calendarId, label: calendar.name }))}
      value={from === scope ? calendarId : null}
      onChange={(value) => assign.mutate({ params: { scope, scopeId, purpose }, body: { calendarId: value } })}
    />
  );
}
