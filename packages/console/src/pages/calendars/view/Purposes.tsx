/** What holds for a place, purpose by purpose; each can be shown beside the calendar that is open. */
import { Checkbox } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import styles from "./view.module.css";

const route = getRouteApi("/app/calendars/$calendarId");

interface Props {
  readonly label: string;
  readonly calendars: readonly { readonly calendarId: string; readonly calendarName: string; readonly purpose: string }[];
  /** The calendar that is open. */
  readonly current: string;
}

export function Purposes({ label, calendars, current }: Props) {
  const chosen = route.useSearch().with?.split(",") ?? [];
  const navigate = useNavigate({ from: "/calendars/$calendarId" });
  const choose = (calendarId: string, isShown: boolean) => {
    const next = [...chosen.filter((one) => one !== calendarId), ...(isShown ? [calendarId] : [])];
    void navigate({ search: (before) => ({ ...before, with: next.join(",") || undefined }), replace: true, resetScroll: false });
  };
  return (
    <fieldset className={styles["purposes"]}>
      <legend>{label}</legend>
      {[...Map.groupBy(calendars, ({ calendarId }) => calendarId)].map(([calendarId, own]) => (
        <Checkbox
          key={calendarId}
          size="xs"
          label={`${own.map(({ purpose }) => purpose).join(", ")}: ${own[0]!.calendarName}`}
          checked={calendarId === current || chosen.includes(calendarId)}
          disabled={calendarId === current}
          onChange={(event) => choose(calendarId, event.currentTarget.checked)}
        />
      ))}
    </fieldset>
  );
}
