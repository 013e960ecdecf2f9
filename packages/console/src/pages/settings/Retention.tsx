/** How long things are kept, and what goes when they are kept for a shorter time. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { isShortening } from "@hauswart/protocol/api/dangers.ts";
import { retentionLimits, type RetentionKey } from "@hauswart/protocol/api/retention.ts";
import { useQuery } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import { Confirm } from "../../components/Confirm.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { Amount } from "./Amount.tsx";

type Settings = ResponseOf<"getSettings">;

const keys = Object.keys(retentionLimits) as RetentionKey[];

/** Whether something would be kept for a shorter time than before. */
export function isShortened(draft: Settings, before: Settings): boolean {
  return isShortening("changeSettings", draft, before);
}

export function RetentionFields({ draft, onChange }: { draft: Settings; onChange: (change: Partial<Settings>) => void }) {
  const texts = useTexts();
  return keys.map((key) => (
    <Amount
      key={key}
      label={texts.settings.kept[key]}
      unit={key.endsWith("Months") ? texts.settings.monthsKept : texts.settings.daysKept}
      min={retentionLimits[key].least}
      max={retentionLimits[key].most}
      value={draft[key]}
      onChange={(value) => onChange({ [key]: Math.round(value) })}
    />
  ));
}

/** Says what would go, with numbers, before it is saved. */
export function RetentionConfirm(props: { draft: Settings; before: Settings; onConfirm: () => void; onClose: () => void }) {
  const { draft, before, onConfirm, onClose } = props;
  const { texts, format } = useSpeech();
  const asked = Object.fromEntries(keys.map((key) => [key, draft[key]]));
  const { data, error, refetch } = useQuery({ ...query("previewRetention", { query: asked }), staleTime: 0 });
  const items = data?.items.filter(({ setting }) => draft[setting] < before[setting]) ?? [];
  return (
    <Confirm title={texts.settings.shortenTitle} action={texts.settings.shortenAction} onConfirm={onConfirm} onClose={onClose}>
      {error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          <p>{texts.settings.shortenLead}</p>
          <ul>
            {items.map(({ setting, rows, isMore, before: moment }) => (
              <li key={setting}>{texts.settings.goes(texts.settings.kept[setting], rows, isMore, format.dateTime(Date.parse(moment)))}</li>
            ))}
          </ul>
        </>
      ) : (
        <Loading />
      )}
    </Confirm>
  );
}
