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
import { CsvTable } from "../../components/table/CsvTable.tsx";
import { useSpeech, useTexts, type Texts } from "../../texts/texts.tsx";
import styles from "./maintenance.module.css";
import { EditMaintenanceDialog, MaintenanceDialog } from "./MaintenanceDialog.tsx";
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
              <Windows id="maintenance" label={texts.maintenance.windows} windows={current} />
            )}
          </Section>
          {past.length > 0 && (
            <Section title={texts.maintenance.past}>
              <Windows id="past-maintenance" label={texts.maintenance.past} windows={past} />
            </Section>
          )}
        </>
      )}
      {isPlanning && <MaintenanceDialog onClose={() => setPlanning(false)} />}
    </Page>
  );
}

function Windows({ id, label, windows }: { id: string; label: string; windows: readonly MaintenanceWindow[] }) {
  const speech = useSpeech();
  const { texts } = speech;
  return (
    <CsvTable
      id={id}
      label={label}
      stacks
      columns={[
        { header: texts.maintenance.what, width: "20%", wraps: true },
        { header: texts.maintenance.where, width: "18%", wraps: true, from: "sm" },
        { header: texts.maintenance.when, wraps: true },
        { header: texts.maintenance.held, width: "150px", from: "sm" },
        { header: texts.maintenance.by, width: "90px", from: "md" },
        { header: texts.maintenance.actions, width: "236px", align: "end", isHeaderHidden: true },
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
        values: [
          window.name,
          whereOf(window, texts).filter(Boolean).join(", "),
          whenOf(window, speech).filter(Boolean).join("; "),
          heldOf(window, texts),
          window.createdBy,
        ],
      }))}
    />
  );
}

type Speech = ReturnType<typeof useSpeech>;

/** The place, and the customer to whom it belongs where that is not the place itself. */
function whereOf({ scope, scopeName, customerName }: MaintenanceWindow, { maintenance }: Texts): [string, string?] {
  if (scope === "provider") return [maintenance.scopes.provider];
  return [`${maintenance.scopes[scope]} ${scopeName}`, (scope !== "customer" && customerName) || undefined];
}

function Where({ window }: { window: MaintenanceWindow }) {
  const [place, customer] = whereOf(window, useTexts());
  return (
    <>
      {place}
      {customer && <span className="dimmed">, {customer}</span>}
    </>
  );
}

/** Now or next, and how it repeats. */
function whenOf({ schedule, current, next }: MaintenanceWindow, { texts, format, language }: Speech): [string, string] {
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
  return [state, plan];
}

function When({ window }: { window: MaintenanceWindow }) {
  const [state, plan] = whenOf(window, useSpeech());
  return (
    <>
      {state}
      {plan && <span className="dimmed">; {plan}</span>}
    </>
  );
}

const heldOf = ({ suppressed }: MaintenanceWindow, { maintenance }: Texts) => maintenance.heldCount(suppressed.open, suppressed.closed);

function Held({ window }: { window: MaintenanceWindow }) {
  const { suppressed, maintenanceWindowId } = window;
  const words = heldOf(window, useTexts());
  if (suppressed.open + suppressed.closed === 0) return <span className="dimmed">{words}</span>;
  return (
    <Link to="/findings" search={{ state: "all", window: maintenanceWindowId }}>
      {words}
    </Link>
  );
}

function Actions({ window }: { window: MaintenanceWindow }) {
  const { maintenanceWindowId, name, current, state } = window;
  const { texts } = useSpeech();
  const [isEditing, setEditing] = useState(false);
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
    <Allowed to="findings:write" of={window.customerId}>
      <span className={styles["buttons"]}>
        {current && (
          <Button variant="default" size="compact-xs" aria-label={texts.maintenance.endOf(name)} onClick={() => end.mutate({ params })}>
            {texts.maintenance.end}
          </Button>
        )}
        <Button variant="subtle" size="compact-xs" aria-label={texts.shell.editOf(name)} onClick={() => setEditing(true)}>
          {texts.shell.edit}
        </Button>
        <Button variant="subtle" size="compact-xs" aria-label={texts.maintenance.cancelTitle(name)} onClick={() => setAsking(true)}>
          {texts.maintenance.cancel}
        </Button>
      </span>
      {isEditing && <EditMaintenanceDialog window={window} onClose={() => setEditing(false)} />}
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
