/** A moment as people say it, with the exact time on hover. */
import { useSpeech } from "../texts/texts.tsx";
import { useNow } from "./now.ts";

interface Props {
  /** ISO 8601, or null where there is none. */
  readonly at: string | null;
  /** Short enough for a table cell. */
  readonly short?: boolean;
  /** Shown when there is no moment. */
  readonly none?: string;
}

export function Ago({ at, short = false, none = "–" }: Props) {
  const { format, relative } = useSpeech();
  const now = useNow();
  if (!at) return <span className="dimmed">{none}</span>;
  const atMs = Date.parse(at);
  // A clock that differs from the server's by seconds must not show the future.
  const shownMs = atMs > now && atMs - now < 60_000 ? now : atMs;
  return (
    <time dateTime={at} title={format.dateTime(atMs)}>
      {short ? relative.agoShort(shownMs, now) : relative.ago(shownMs, now)}
    </time>
  );
}

/** An exact moment. */
export function Moment({ at }: { at: string }) {
  const { format, relative } = useSpeech();
  const now = useNow();
  return (
    <time dateTime={at} title={relative.ago(Date.parse(at), now)}>
      {format.dateTime(Date.parse(at))}
    </time>
  );
}

/** How long it has been so, with the exact time on hover. */
export function Since({ at }: { at: string }) {
  const { format, relative } = useSpeech();
  const now = useNow();
  return (
    <time dateTime={at} title={format.dateTime(Date.parse(at))}>
      {relative.since(Date.parse(at), now)}
    </time>
  );
}
