/** The alarm drills of a customer: how far each came and how long that took. */
import type { AlarmDrill } from "@hauswart/protocol/api/alarm-drills.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { Moment } from "../../components/Ago.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { DeviceLink } from "../../components/links.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";

/** A year of them, and those started by hand. */
const shown = 15;

export function CustomerDrills({ customerId }: { customerId: string }) {
  const texts = useTexts();
  const { data, error, refetch } = useQuery(query("listAlarmDrills", { query: { customerId, limit: shown } }));
  const [isStarting, setStarting] = useState(false);
  const start = (
    <Allowed to="devices:write">
      <Button variant="default" disabled={data?.items.some(({ result }) => result === null) ?? false} onClick={() => setStarting(true)}>
        {texts.drills.start}
      </Button>
    </Allowed>
  );
  const drills = data?.items ?? [];
  return (
    <Section title={texts.drills.drills} actions={drills.length > 0 && start}>
      {error && !data ? <ErrorNote error={error} onRetry={() => void refetch()} /> : !data && <Loading />}
      {data && drills.length === 0 && (
        <Empty title={texts.drills.none} action={start}>
          {texts.drills.noneHelp}
        </Empty>
      )}
      {drills.length > 0 && <DrillTable drills={drills} />}
      {isStarting && <StartDialog customerId={customerId} onClose={() => setStarting(false)} />}
    </Section>
  );
}

function DrillTable({ drills }: { drills: readonly AlarmDrill[] }) {
  const texts = useTexts();
  return (
    <PlainTable
      label={texts.drills.drills}
      columns={[
        { header: texts.drills.startedAt, width: "150px" },
        { header: texts.drills.result, width: "130px" },
        { header: texts.drills.course, wraps: true, from: "sm" },
        { header: texts.care.device, width: "18%", from: "md" },
      ]}
      rows={drills.map((drill) => ({
        key: drill.drillId,
        cells: [
          <Moment key="started" at={drill.startedAt} />,
          <Outcome key="result" drill={drill} />,
          <Course key="course" drill={drill} />,
          <DeviceLink key="device" deviceId={drill.deviceId}>
            {drill.deviceName}
          </DeviceLink>,
        ],
      }))}
    />
  );
}

function Outcome({ drill: { result } }: { drill: AlarmDrill }) {
  const texts = useTexts();
  if (result === null) return texts.drills.running;
  return <StateMark state={result === "done" ? "ok" : "warning"}>{texts.drills.results[result]}</StateMark>;
}

/** What was reached and when, counted from the start; the exact moment on hover. */
function Course({ drill }: { drill: AlarmDrill }) {
  const { texts, format } = useSpeech();
  const { measuredAt, mailedAt, acceptedAt, confirmedAt, confirmedBy, reason } = drill;
  const startedMs = Date.parse(drill.startedAt);
  const steps = Object.entries({ measured: measuredAt, mailed: mailedAt, accepted: acceptedAt, confirmed: confirmedAt }) as [
    keyof typeof texts.drills.steps,
    string | null,
  ][];
  return (
    <>
      {steps.flatMap(([step, at], index) =>
        at === null ? (
          []
        ) : (
          <Fragment key={step}>
            <span
              style={{ whiteSpace: "nowrap" }}
              title={[format.dateTime(Date.parse(at)), step === "confirmed" && confirmedBy].filter(Boolean).join(", ")}
            >
              {index > 0 && "→ "}
              {texts.drills.steps[step]} <span className="dimmed">+{format.duration((Date.parse(at) - startedMs) / 1_000)}</span>
            </span>{" "}
          </Fragment>
        ),
      )}
      {reason && <div>{texts.drills.reasons[reason]}</div>}
    </>
  );
}

function StartDialog({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const texts = useTexts();
  const start = useChange("startAlarmDrill", {
    touches: ["listAlarmDrills"],
    quiet: true,
    message: () => texts.drills.started,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.drills.drill}
      action={texts.drills.startDo}
      error={start.error}
      isPending={start.isPending}
      onSubmit={() => start.mutate({ params: { customerId } })}
      onClose={onClose}
    >
      <p>{texts.drills.startHelp}</p>
    </FormDialog>
  );
}
