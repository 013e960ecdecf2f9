/** The checks of a device as rows, each of which opens. */
import type { Device, DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { lazy, Suspense, type MouseEvent } from "react";
import { query } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useWidth } from "../../components/width.ts";
import { failureText } from "../../texts/failure-text.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { CheckSparkline } from "./CheckSparkline.tsx";
import { closestSource, orderChecks, subjectsOf, type Source } from "../../features/device-checks.ts";
import styles from "./device.module.css";

const CheckDetail = lazy(() => import("./CheckDetail.tsx"));
const route = getRouteApi("/app/devices/$deviceId");

/** Which columns there is room for. */
interface Shown {
  /** The value, and how old it is. */
  readonly value: boolean;
  readonly line: boolean;
  readonly policy: boolean;
}
const shownAt = (width: number): Shown => ({ value: width >= 500, line: width >= 640, policy: width >= 820 });

export function CheckList({ device }: { device: Device }) {
  const { texts, checkTexts, language } = useSpeech();
  const { deviceId } = device;
  const { data, error, refetch } = useQuery({
    ...query("listDeviceChecks", { params: { deviceId }, query: { limit: 500 } }),
    refetchInterval: 30_000,
  });
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [frame, width] = useWidth();
  if (!data) return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />;
  if (data.items.length === 0) return <Empty title={texts.device.noChecks}>{texts.device.noChecksHelp}</Empty>;
  const toggle = (number: number) =>
    void navigate({
      search: (before) => ({
        ...before,
        check: before.check === String(number) ? undefined : String(number),
        subject: undefined,
        field: undefined,
      }),
      replace: search.check !== undefined,
    });
  const shown = shownAt(width);
  return (
    <div ref={frame}>
      <table className={styles["checks"]} aria-label={texts.device.checks}>
        <colgroup>
          <col className={styles["stateColumn"]} />
          <col className={shown.value ? styles["nameColumn"] : undefined} />
          {shown.value && <col />}
          {shown.line && <col className={styles["lineColumn"]} />}
          {shown.value && <col className={styles["ageColumn"]} />}
          {shown.policy && <col className={styles["policyColumn"]} />}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{texts.device.state}</th>
            <th scope="col">{texts.device.check}</th>
            {shown.value && <th scope="col">{texts.device.value}</th>}
            {shown.line && <th scope="col">{texts.device.last24}</th>}
            {shown.value && <th scope="col">{texts.device.evidence}</th>}
            {shown.policy && <th scope="col">{texts.device.policy}</th>}
          </tr>
        </thead>
        {orderChecks(data.items, (check) => checkTexts(check.check).name, language).map((check) => (
          <CheckRow
            key={check.number}
            shown={shown}
            device={device}
            check={check}
            isOpen={search.check === String(check.number)}
            onToggle={() => toggle(check.number)}
          />
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
      const said = check.unknownDetail ?? "";
      const detail = check.unknownReason === "no-data" ? checkTexts(check.check).noDataText(said) : failureText(texts, said);
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

/** The policy that speaks closest to the device, as a way to it. */
function PolicyOf({ check }: { check: DeviceCheck }) {
  const texts = useTexts();
  const source = closestSource(check);
  if (!source?.policyId) return texts.device.byDefault;
  return (
    <Link to="/policies/$policyId" params={{ policyId: source.policyId }} search={{ check: check.check }}>
      {source.policyName}
    </Link>
  );
}

interface RowProps {
  readonly shown: Shown;
  readonly device: Device;
  readonly check: DeviceCheck;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function CheckRow({ shown, device, check, isOpen, onToggle }: RowProps) {
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
          <button
            type="button"
            className={styles["toggle"]}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={onToggle}
            title={about.description}
          >
            <ChevronRight size={13} aria-hidden />
            {about.name}
            {check.instance !== "" && <span className="dimmed">{check.instance}</span>}
          </button>
          {!shown.value && <div className={`${styles["summary"]} ${styles["below"]}`}>{summary}</div>}
        </td>
        {shown.value && (
          <td title={summary}>
            <span className={styles["summary"]}>{summary}</span>
          </td>
        )}
        {shown.line && <td>{about.headline !== "" && <CheckSparkline deviceId={device.deviceId} check={check} />}</td>}
        {shown.value && (
          <td
            className={check.state === "unknown" ? styles["stale"] : undefined}
            title={texts.device.evidenceHelp(format.duration(check.freshForSeconds))}
          >
            <Ago at={check.evidenceAt} short />
          </td>
        )}
        {shown.policy && (
          <td className="dimmed" title={sourceWords(closestSource(check))}>
            <PolicyOf check={check} />
          </td>
        )}
      </tr>
      {isOpen && (
        <tr>
          <td className={styles["open"]} colSpan={2 + (shown.value ? 2 : 0) + (shown.line ? 1 : 0) + (shown.policy ? 1 : 0)} id={id}>
            <Suspense fallback={<Loading />}>
              <CheckDetail device={device} check={check} />
            </Suspense>
          </td>
        </tr>
      )}
    </tbody>
  );
}
