/** Maintenance windows: what runs, what is planned, what was, and what each of them held back. */
import type { MaintenanceWindow } from "@hauswart/protocol/api/maintenance.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useScope } from "../../app/customers.ts";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Confirm } from "../../components/Confirm.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./maintenance.module.css";
import { MaintenanceDialog } from "./MaintenanceDialog.tsx";
import { toldSchedule, wallTime } from "./schedule.ts";
import { maintenanceTouches } from "./touches.ts";

export function MaintenancePage() {
  const { texts } = useSpeech();
  const customerId = useScope();
  const { data, error, refetch } = useQuery(query("listMaintenanceWindows", { query: { state: "all", limit: 500, customerId } }));
  const [isPlanning, setPlanning] = useState(false);
  const windows = data?.items ?? [];
  const current = windows.filter(({ state }) => state !== "over");
  const past = windows.filter(({ state }) => state === "over");
  return (
    <Page
      title={texts.maintenance.title}
      note={texts.maintenance.lead}
      actions={
        <Allowed to="findings:write">
          <Button onClick={() => setPlanning(true)}>{texts.maintenance.plan}</Button>
        </Allowed>
      }
    >
      {error && !data ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading />
      ) : (
        <>
          <Section title={texts.maintenance.windows}>
            {current.length === 0 ? (
              <Empty title={texts.maintenance.none}>{texts.maintenance.noneHelp}</Empty>
            ) : (
              <Windows label={texts.maintenance.windows} windows={current} />
            )}
          </Section>
          {past.length > 0 && (
            <Section title={texts.maintenance.past}>
              <Windows label={texts.maintenance.past} windows={past} />
            </Section>
          )}
        </>
      )}
      {isPlanning && <MaintenanceDialog onClose={() => setPlanning(false)} />}
    </Page>
  );
}

function Windows({ label, windows }: { label: string; windows: readonly MaintenanceWindow[] }) {
  const { texts } = useSpeech();
  return (
    <PlainTable
      label={label}
      columns={[
        { header: texts.maintenance.what, width: "26%", wraps: true },
        { header: texts.maintenance.where, width: "18%", wraps: true, from: "sm" },
        { header: texts.maintenance.when, wraps: true },
        { header: texts.maintenance.held, width: "150px", from: "sm" },
        { header: texts.maintenance.by, width: "90px", from: "md" },
        { header: texts.maintenance.actions, width: "clamp(92px, 14vw, 160px)", isHeaderHidden: true },
      ]}
      rows={windows.map((window) => ({
        key: window.maintenanceWindowId,
        cells: [
          window.name,
          <Where key="where" window={window} />,
          <When key="when" window={window} />,
          <Held key="held" window={window} />,
          window.createdBy,
          <Actions key="actions" window={window} />,
        ],
      }))}
    />
  );
}

function Where({ window: { scope, scopeName, customerName } }: { window: MaintenanceWindow }) {
  const { texts } = useSpeech();
  if (scope === "provider") return <>{texts.maintenance.scopes.provider}</>;
  return (
    <>
      {texts.maintenance.scopes[scope]} {scopeName}
      {customerName && scope !== "customer" && <span className="dimmed">, {customerName}</span>}
    </>
  );
}

function When({ window: { schedule, current, next } }: { window: MaintenanceWindow }) {
  const { texts, format, language } = useSpeech();
  const at = (iso: string) => format.dateTime(Date.parse(iso));
  const time = wallTime(schedule);
  const plan = schedule.repeat ? texts.maintenance.schedule(toldSchedule(schedule, time)) : "";
  const state = current
    ? texts.maintenance.runs(at(current.endsAt))
    : next
      ? schedule.repeat
        ? texts.maintenance.next(at(next.startsAt))
        : `${at(next.startsAt)} – ${at(next.endsAt)}`
      : schedule.repeat
        ? texts.maintenance.over
        : formatFor(language, "UTC").dateTime(Date.parse(`${schedule.startsAtLocal}Z`));
  return (
    <>
      {state}
      {plan && <span className="dimmed">; {plan}</span>}
    </>
  );
}

function Held({ window: { suppressed, maintenanceWindowId } }: { window: MaintenanceWindow }) {
  const { texts } = useSpeech();
  const words = texts.maintenance.heldCount(suppressed.open, suppressed.closed);
  if (suppressed.open + suppressed.closed === 0) return <span className="dimmed">{words}</span>;
  return (
    <Link to="/findings" search={{ state: "all", window: maintenanceWindowId }}>
      {words}
    </Link>
  );
}

function Actions({ window: { maintenanceWindowId, name, current, state } }: { window: MaintenanceWindow }) {
  const { texts } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const params = { maintenanceWindowId };
  const end = useChange("endMaintenance", { touches: maintenanceTouches, message: () => texts.maintenance.ended });
  const cancel = useChange("cancelMaintenanceWindow", {
    touches: maintenanceTouches,
    message: () => texts.maintenance.cancelled,
    onDone: () => setAsking(false),
  });
  if (state === "over") return null;
  return (
    <Allowed to="findings:write">
      <span className={styles["buttons"]}>
        {current && (
          <Button variant="default" size="compact-xs" aria-label={texts.maintenance.endOf(name)} onClick={() => end.mutate({ params })}>
            {texts.maintenance.end}
          </Button>
        )}
        <Button variant="subtle" size="compact-xs" aria-label={texts.maintenance.cancelTitle(name)} onClick={() => setAsking(true)}>
          {texts.maintenance.cancel}
        </Button>
      </span>
      {isAsking && (
        <Confirm
          title={texts.maintenance.cancelTitle(name)}
          action={texts.maintenance.cancel}
          isPending={cancel.isPending}
          onConfirm={() => cancel.mutate({ params })}
          onClose={() => setAsking(false)}
        >
          <p>{texts.maintenance.cancelText}</p>
        </Confirm>
      )}
    </Allowed>
  );
}
