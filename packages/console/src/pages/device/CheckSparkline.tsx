/** The headline series of a check over the last day. */
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { useAnswer } from "../../api/queries.ts";
import { Sparkline } from "../../components/graph/Sparkline.tsx";
import { useNow } from "../../components/now.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { evidenceOf, subjectsOf } from "../../features/device-checks.ts";

/** @param subject the one to draw; left out: the worst. */
export function CheckSparkline({ deviceId, check, subject }: { deviceId: string; check: DeviceCheck; subject?: string }) {
  const { checkTexts } = useSpeech();
  const { headline, limits } = checkTexts(check.check);
  const to = Math.ceil(useNow() / 300_000) * 300;
  const from = to - 86_400;
  const { data } = useAnswer(
    "getSeries",
    {
      params: { deviceId, number: check.number },
      query: { from: new Date(from * 1_000).toISOString(), to: new Date(to * 1_000).toISOString(), field: headline },
    },
    { staleTime: 240_000 },
  );
  const wanted = subject ?? subjectsOf(check, headline)[0]?.subject;
  const series = data?.series.find((one) => one.subject === wanted) ?? (subject === undefined ? data?.series[0] : undefined);
  if (!series) return null;
  // A series outside a list has no subject; then the check speaks of itself.
  const evidence = evidenceOf(check, series.subject);
  return (
    <Sparkline
      points={series}
      unit={series.unit}
      from={from}
      to={to}
      stepSeconds={data?.stepSeconds || check.everySeconds}
      limits={limits(check.settings, evidence)}
    />
  );
}
