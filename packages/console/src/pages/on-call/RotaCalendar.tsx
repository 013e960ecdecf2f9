/** Four weeks of a rota, a band per layer; each shift is as wide as it is long. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { query } from "../../api/queries.ts";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./on-call.module.css";

const weeksMs = 28 * 86_400_000;

export function RotaCalendar({ rota }: { rota: ItemOf<"listRotas"> }) {
  const { texts, format } = useSpeech();
  // From the hour in which the page was opened, so that the question stays the same meanwhile.
  const [hour] = useState(() => Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const window = useMemo(() => ({ from: new Date(hour).toISOString(), until: new Date(hour + weeksMs).toISOString() }), [hour]);
  const { data, error } = useQuery(query("getRotaCalendar", { params: { rotaId: rota.rotaId }, query: window }));
  if (error) return <ErrorNote error={error} />;
  if (!data) return <Loading />;
  return (
    <div className={styles["calendar"]}>
      <strong>{rota.name}</strong>
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
                    {shift.name}
                    {shift.overrideId && " ⇄"}
                  </span>
                );
              })}
          </div>
        </div>
      ))}
    </div>
  );
}
