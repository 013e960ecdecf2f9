/** Whose turn it is now, in one line. Nothing where nobody is on call by a rota. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./on-call.module.css";

export function OnCallNow() {
  const { texts, format } = useSpeech();
  const { data } = useQuery({ ...query("getOnCall"), refetchInterval: 60_000, retry: false });
  if (!data || data.items.length === 0) return null;
  return (
    <Link to="/on-call" className={styles["now"]}>
      {texts.routing.onCallNow}:{" "}
      {data.items.map(({ rotaId, layer, layerName, name, until }, index) => (
        <span key={`${rotaId} ${layer}`} title={texts.routing.onCallUntil(layerName, format.dateTime(Date.parse(until)))}>
          {index > 0 && " · "}
          {index === 0 ? <strong>{name}</strong> : name}
        </span>
      ))}
    </Link>
  );
}
