/** Four weeks of a rota, a band per layer; each shift is as wide as it is long. Its stand-ins, and what can be done with it. */
import type { ItemOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import { locales } from "@hauswart/protocol/format.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { CsvTable } from "../../components/table/CsvTable.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { EditRotaDialog } from "./EditRotaDialog.tsx";
import styles from "./on-call.module.css";
import { usePeople } from "./people.ts";
import { rotaTouches } from "./touches.ts";

const weeksMs = 28 * 86_400_000;

export function RotaCalendar({ rota }: { rota: ItemOf<"listRotas"> }) {
  const { texts, format, language } = useSpeech();
  // From the hour in which the page was opened, so that the question stays the same meanwhile.
  const [hour] = useState(() => Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const window = useMemo(() => ({ from: new Date(hour).toISOString(), until: new Date(hour + weeksMs).toISOString() }), [hour]);
  const days = useMemo(() => new Intl.DateTimeFormat(locales[language], { day: "numeric", month: "numeric" }), [language]);
  const { data, error } = useQuery(query("getRotaCalendar", { params: { rotaId: rota.rotaId }, query: window }));
  if (error) return <ErrorNote error={error} />;
  if (!data) return <Loading />;
  return (
    <div className={styles["calendar"]}>
      <RotaHead rota={rota} />
      {rota.layers.map(({ name }, layer) => (
        <div key={name} className={styles["layer"]}>
          <span className="dimmed">{name}</span>
          <div className={styles["track"]}>
            {data.shifts
              .filter((shift) => shift.layer === layer)
              .map((shift) => {
                const [from, until] = [Date.parse(shift.from), Date.parse(shift.until)];
                const words = `${shift.name}${shift.overrideId ? ` (${texts.routing.standIn})` : ""}: ${format.dateTime(from)} – ${format.dateTime(until)}`;
                return (
                  <span
                    key={shift.from}
                    className={styles["shift"]}
                    style={{ flex: until - from }}
                    title={words}
                    aria-label={words}
                    role="img"
                  >
                    <span className={styles["who"]}>
                      {shift.name}
                      {shift.overrideId && " ⇄"}
                    </span>
                    <span className={styles["days"]}>{days.formatRange(from, until)}</span>
                  </span>
                );
              })}
          </div>
        </div>
      ))}
      {data.overrides.length > 0 && <StandIns rota={rota} overrides={data.overrides} />}
    </div>
  );
}

function RotaHead({ rota }: { rota: ItemOf<"listRotas"> }) {
  const { shell, routing } = useTexts();
  const [dialog, setDialog] = useState<"edit" | "remove" | null>(null);
  const close = () => setDialog(null);
  const remove = useChange("deleteRota", { touches: rotaTouches, message: () => routing.rotaRemoved, onDone: close });
  return (
    <div className={styles["head"]}>
      <strong>{rota.name}</strong>
      <Allowed to="settings:write" of={null}>
        <Button size="compact-xs" variant="subtle" aria-label={shell.editOf(rota.name)} onClick={() => setDialog("edit")}>
          {shell.edit}
        </Button>
        <Button size="compact-xs" variant="subtle" aria-label={`${rota.name}: ${routing.removeRota}`} onClick={() => setDialog("remove")}>
          {routing.removeRota}
        </Button>
      </Allowed>
      {dialog === "edit" && <EditRotaDialog rota={rota} onClose={close} />}
      {dialog === "remove" && (
        <Confirm
          title={routing.removeRotaTitle(rota.name)}
          action={routing.removeRota}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params: { rotaId: rota.rotaId } })}
          onClose={close}
        >
          <p>{routing.removeRotaText}</p>
        </Confirm>
      )}
    </div>
  );
}

type Override = ResponseOf<"getRotaCalendar">["overrides"][number];

function StandIns({ rota, overrides }: { rota: ItemOf<"listRotas">; overrides: readonly Override[] }) {
  const { texts, format } = useSpeech();
  const { routing, recipients } = texts;
  const people = usePeople();
  const nameOf = (accountId: string) => people.find((person) => person.accountId === accountId)?.name ?? "–";
  const remove = useChange("deleteRotaOverride", { touches: rotaTouches, message: () => routing.standInTaken });
  return (
    <CsvTable
      id="stand-ins"
      label={routing.standIns}
      stacks
      columns={[
        { header: routing.standIn, width: "30%" },
        { header: routing.lines, from: "sm" },
        { header: routing.standInTime, wraps: true },
        { header: recipients.remove, width: "130px", align: "end", isHeaderHidden: true },
      ]}
      rows={overrides.map(({ overrideId, accountId, layer, from, until, note }) => ({
        key: overrideId,
        cells: [
          nameOf(accountId),
          rota.layers[layer]?.name ?? "",
          <>
            {format.dateTime(Date.parse(from))} – {format.dateTime(Date.parse(until))}
            {note && <span className="dimmed">, {note}</span>}
          </>,
          <Allowed key="remove" to="findings:write" of={null}>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={routing.takeBackOf(nameOf(accountId))}
              onClick={() => remove.mutate({ params: { overrideId } })}
            >
              {routing.takeBack}
            </Button>
          </Allowed>,
        ],
        values: [nameOf(accountId), rota.layers[layer]?.name ?? "", [`${from}/${until}`, note].filter(Boolean).join(", ")],
      }))}
    />
  );
}
