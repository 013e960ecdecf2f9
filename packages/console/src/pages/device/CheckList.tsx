/** The checks of a device as rows, each of which opens. */
import type { Device, DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { lazy, Suspense, type MouseEvent } from "react";
import { query } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { CheckSparkline } from "./CheckSparkline.tsx";
import { closestSource, orderChecks, subjectsOf, type Source } from "../../features/device-checks.ts";
import styles from "./device.module.css";

const CheckDetail = lazy(() => import("./CheckDetail.tsx"));
const route = getRouteApi("/app/devices/$deviceId");

export function CheckList({ device }: { device: Device }) {
  const { texts, checkTexts, language } = useSpeech();
  const { deviceId } = device;
  const { data, error, refetch } = useQuery({ ...query("listDeviceChecks", { params: { deviceId }, query: { limit: 500 } }), refetchInterval: 30_000, placeholderData: keepPreviousData });
  const search = route.useSearch();
  const navigate = route.useNavigate();
  if (!data) return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />;
  if (data.items.length === 0) return <Empty title={texts.device.noChecks}>{texts.device.noChecksHelp}</Empty>;
  const toggle = (number: number) =>
    void navigate({ search: (before) => ({ ...before, check: before.check === String(number) ? undefined : String(number), subject: undefined, field: undefined }), replace: search.check !== undefined });
  return (
    <div className={styles["frame"]}>
      <table className={styles["checks"]} aria-label={texts.device.checks}>
        <colgroup>
          <col style={{ width: 118 }} />
          <col style={{ width: "24%" }} />
          <col data-from="sm" />
          <col style={{ width: 136 }} data-from="md" />
          <col style={{ width: 108 }} data-from="sm" />
          <col style={{ width: "18%" }} data-from="lg" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{texts.device.state}</th>
            <th scope="col">{texts.device.check}</th>
            <th scope="col" data-from="sm">{texts.device.value}</th>
            <th scope="col" data-from="md">{texts.device.last24}</th>
            <th scope="col" data-from="sm">{texts.device.evidence}</th>
            <th scope="col" data-from="lg">{texts.device.policy}</th>
          </tr>
        </thead>
        {orderChecks(data.items, (check) => checkTexts(check.check).name, language).map((check) => (
          <CheckRow key={check.number} device={device} check={check} isOpen={search.check === String(check.number)} onToggle={() => toggle(check.number)} />
        ))}
      </table>
    </div>
  );
}

/** "für den Kunden Muster": where a value comes from, in words. */
export function useSourceWords(): (source: Source | undefined) => string {
  const texts = useTexts();
  return (source) => {
    if (!source || source.scope === "default") return texts.device.sourceDefault;
    return `${source.policyName}, ${texts.device.sourceOf[source.scope](source.scopeName)}`;
  };
}

/** What is the case, in a few words: the worst subject, and how many more there are. */
export function useCheckSummary(): (check: DeviceCheck) => string {
  const { texts, checkTexts } = useSpeech();
  return (check) => {
    if (check.state === "unknown" && check.unknownReason) {
      const failure = check.unknownDetail?.split(":")[0] ?? "";
      const detail = (texts.collectFailures as Record<string, string>)[failure] ?? check.unknownDetail;
      return detail ? `${texts.unknownReasons[check.unknownReason]}: ${detail}` : texts.unknownReasons[check.unknownReason];
    }
    const subjects = subjectsOf(check, checkTexts(check.check).headline);
    const worst = subjects[0];
    if (!worst) return texts.states[check.state];
    const bad = subjects.filter(({ state }) => state !== "ok");
    const named = worst.subject === "" ? "" : `${worst.subject}: `;
    const rest = (bad.length > 0 ? bad.length : subjects.length) - 1;
    const summary = `${named}${checkTexts(check.check).summary(worst)}`;
    return rest > 0 ? `${summary}, ${texts.device.and(rest)}` : summary;
  };
}

function CheckRow({ device, check, isOpen, onToggle }: { device: Device; check: DeviceCheck; isOpen: boolean; onToggle: () => void }) {
  const { texts, format, checkTexts } = useSpeech();
  const about = checkTexts(check.check);
  const summary = useCheckSummary()(check);
  const sourceWords = useSourceWords();
  const id = `check-${check.number}`;
  const click = (event: MouseEvent) => {
    if (!(event.target as Element).closest("a, button")) onToggle();
  };
  return (
    <tbody>
      <tr data-row onClick={click}>
        <td>
          <StateMark state={check.state} />
        </td>
        <td>
          <button type="button" className={styles["toggle"]} aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={onToggle} title={about.description}>
            <ChevronRight size={13} aria-hidden />
            {about.name}
            {check.instance !== "" && <span className="dimmed"> {check.instance}</span>}
          </button>
          <span className={styles["valueBelow"]}>{summary}</span>
        </td>
        <td data-from="sm" title={summary}>
          {summary}
        </td>
        <td data-from="md">{about.headline !== "" && <CheckSparkline deviceId={device.deviceId} check={check} />}</td>
        <td data-from="sm" className={check.state === "unknown" ? styles["stale"] : undefined} title={texts.device.evidenceHelp(format.duration(check.freshForSeconds))}>
          <Ago at={check.evidenceAt} short />
        </td>
        <td data-from="lg" className="dimmed" title={sourceWords(closestSource(check))}>
          {closestSource(check)?.policyName ?? texts.device.sourceDefault}
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td className={styles["open"]} colSpan={6} id={id}>
            <Suspense fallback={<Loading />}>
              <CheckDetail device={device} check={check} />
            </Suspense>
          </td>
        </tr>
      )}
    </tbody>
  );
}
