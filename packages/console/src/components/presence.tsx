/** Whether a device is there, and why not. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { useSpeech } from "../texts/texts.tsx";
import { Ago, Since } from "./Ago.tsx";

type Presence = Device["presence"];

/** In words: "ordnungsgemäß heruntergefahren". The state, and the reason where it says more. */
export function usePresenceWords(): (presence: Presence) => string {
  const { texts } = useSpeech();
  return ({ state, reason }) => {
    const why = reason ? texts.presence.reasons[reason] : undefined;
    if (state === "present" || state === "never-connected" || state === "unknown" || !why) return texts.presence[state];
    return state === "shut-down" ? why : `${texts.presence[state]} (${why})`;
  };
}

export function PresenceText({ presence, short = false }: { presence: Presence; short?: boolean }) {
  const words = usePresenceWords();
  const since = presence.since ?? presence.lastSeenAt;
  if (short && presence.state === "present") return <>{words(presence)}</>;
  // A state lasts; a shutdown was one moment.
  const lasts = presence.state !== "shut-down" || presence.reason === "sleep" || presence.reason === "agent-stop";
  return (
    <>
      {words(presence)}
      {since && <span className="dimmed"> {lasts ? <Since at={since} /> : <Ago at={since} />}</span>}
    </>
  );
}
