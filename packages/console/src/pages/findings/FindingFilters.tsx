/** Filters of the list of findings. They stand in the address. */
import { SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { query } from "../../api/queries.ts";
import { useSpeech } from "../../texts/texts.tsx";

const route = getRouteApi("/app/findings");
const states = ["current", "open", "acknowledged", "closed"] as const;
const severities = ["failure", "warning"] as const;

export function FindingFilters() {
  const { texts, checkTexts } = useSpeech();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const checks = useQuery({ ...query("listChecks"), staleTime: 600_000 });
  return (
    <>
      <SegmentedControl
        aria-label={texts.findings.state}
        data={states.map((state) => ({ value: state, label: texts.findings.states[state] }))}
        value={search.state ?? "current"}
        onChange={(chosen) => {
          const state = states.find((one) => one === chosen);
          void navigate({ search: (before) => ({ ...before, state: state === "current" ? undefined : state, finding: undefined }) });
        }}
      />
      <Select
        aria-label={texts.findings.severity}
        placeholder={texts.findings.anySeverity}
        w={150}
        clearable
        data={severities.map((severity) => ({ value: severity, label: texts.states[severity] }))}
        value={search.severity ?? null}
        onChange={(severity) =>
          void navigate({ search: (before) => ({ ...before, severity: severities.find((one) => one === severity) }) })
        }
      />
      <Select
        aria-label={texts.findings.check}
        placeholder={texts.findings.anyCheck}
        w={180}
        clearable
        data={[...(checks.data?.items ?? []).map(({ check }) => check), deviceCheckId, siteCheckId, serverCheckId].map((check) => ({
          value: check,
          label: checkTexts(check).name,
        }))}
        value={search.check ?? null}
        onChange={(check) => void navigate({ search: (before) => ({ ...before, check: check ?? undefined }) })}
      />
    </>
  );
}
