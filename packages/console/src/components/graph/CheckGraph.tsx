/** The graph of one check of a device: fetches the series and the findings of the time that is shown. */
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { query, useAnswer } from "../../api/queries.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { evidenceOf } from "../../features/device-checks.ts";
import { ErrorNote, Loading } from "../notes.tsx";
import { useNow } from "../now.ts";
import { Stale } from "../Page.tsx";
import { Graph } from "./Graph.tsx";

export const ranges = { "24h": 86_400, "7d": 7 * 86_400, "35d": 35 * 86_400 } as const;
export type Range = keyof typeof ranges;

interface Props {
  readonly deviceId: string;
  readonly check: DeviceCheck;
  readonly range: Range;
  readonly field: string;
  readonly subject: string;
}

/** The end of what is shown, Unix seconds: moves every five minutes, so that the answer can be kept that long. */
export function useGraphEnd(): number {
  return Math.ceil(useNow() / 300_000) * 300;
}

export default function CheckGraph({ deviceId, check, range, field, subject }: Props) {
  const { texts, checkTexts } = useSpeech();
  const to = useGraphEnd();
  const from = to - ranges[range];
  const { data, error, isStale, retry } = useAnswer(
    "getSeries",
    {
      params: { deviceId, number: check.number },
      query: { from: new Date(from * 1_000).toISOString(), to: new Date(to * 1_000).toISOString(), field, subject },
    },
    { staleTime: 60_000 },
  );
  const spans = useSpans(deviceId, check, subject, from, to);
  const about = checkTexts(check.check);
  const series = data?.series[0];
  const limits = useMemo(
    () => (field === about.headline ? about.limits(check.settings, evidenceOf(check, subject)) : []),
    [about, check, subject, field],
  );
  const shown = useMemo(() => series && { ...series, label: about.fieldLabel(field) }, [series, about, field]);
  if (!data) return error ? <ErrorNote error={error} onRetry={retry} /> : <Loading />;
  if (!shown || shown.value.every((value) => value === null)) return <p className="dimmed">{texts.device.noValues}</p>;
  return (
    <Stale isStale={isStale}>
      <Graph series={shown} from={from} to={to} stepSeconds={data.stepSeconds || check.everySeconds} limits={limits} spans={spans} />
    </Stale>
  );
}

/** Findings of this check and subject within the time shown. */
function useSpans(deviceId: string, check: DeviceCheck, subject: string, from: number, to: number) {
  const asked = { deviceId, check: check.check };
  const current = useQuery({ ...query("listFindings", { query: { ...asked, state: "current" } }), staleTime: 60_000 });
  const closed = useQuery({ ...query("listFindings", { query: { ...asked, state: "closed" } }), staleTime: 60_000 });
  return useMemo(
    () =>
      [...(current.data?.items ?? []), ...(closed.data?.items ?? [])]
        .filter((finding) => finding.instance === check.instance && finding.subject === subject)
        .map((finding) => ({
          from: Date.parse(finding.openedAt) / 1_000,
          to: finding.closedAt ? Date.parse(finding.closedAt) / 1_000 : to,
          severity: finding.severity,
        }))
        .filter((span) => span.to > from),
    [current.data, closed.data, check.instance, subject, from, to],
  );
}
