/** What a replay found, device by device; one opens with its values, the thresholds and the would-be findings. */
import type { ReplayResult, ReplayedDevice } from "@hauswart/protocol/api/policy-replay.ts";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { query } from "../../api/queries.ts";
import { DeviceLink } from "../../components/links.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { evidenceOf } from "../../features/device-checks.ts";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./time-machine.module.css";

const Graph = lazy(() => import("../../components/graph/Graph.tsx").then(({ Graph: Drawn }) => ({ default: Drawn })));

/** Findings of one device that are told one by one. */
const mostTold = 20;

export function ReplayDevices({ check, result }: { check: string; result: ReplayResult }) {
  const { texts, format } = useSpeech();
  const words = texts.replay;
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <div className={styles["scroll"]}>
      <table className={styles["devices"]}>
        <thead>
          <tr>
            <th scope="col">{words.device}</th>
            <th scope="col">{words.findings}</th>
            <th scope="col">{words.shortOnes}</th>
            <th scope="col">{words.findingsNow}</th>
            <th scope="col">{words.covered}</th>
          </tr>
        </thead>
        <tbody>
          {result.listed.map((device) => {
            const isOpen = opened === device.deviceId;
            return [
              <tr key={device.deviceId}>
                <td>
                  <div className={styles["device"]}>
                    <button
                      type="button"
                      className={styles["toggle"]}
                      aria-expanded={isOpen}
                      aria-label={words.show(device.deviceName)}
                      onClick={() => setOpened(isOpen ? null : device.deviceId)}
                    >
                      <ChevronRight size={13} aria-hidden />
                    </button>
                    <span>
                      <DeviceLink deviceId={device.deviceId}>{device.deviceName}</DeviceLink>{" "}
                      <span className="dimmed">{device.customerName}</span>
                    </span>
                  </div>
                </td>
                <td>{format.number(device.findings)}</td>
                <td>{format.number(device.short)}</td>
                <td>{format.number(device.findingsNow)}</td>
                <td>{format.percent(device.coveredPercent)}</td>
              </tr>,
              isOpen && (
                <tr key={`${device.deviceId} open`}>
                  <td colSpan={5}>
                    <DeviceReplay check={check} device={device} result={result} />
                  </td>
                </tr>
              ),
            ];
          })}
        </tbody>
      </table>
      {result.listed.length < result.devicesWithFindings && (
        <p className="dimmed">{words.listed(result.listed.length, result.devicesWithFindings)}</p>
      )}
    </div>
  );
}

function DeviceReplay({ check, device, result }: { check: string; device: ReplayedDevice; result: ReplayResult }) {
  const { texts, format, checkTexts } = useSpeech();
  const words = texts.replay;
  const about = checkTexts(check);
  const told = device.listed.slice(-mostTold).toReversed();
  return (
    <div className={styles["opened"]}>
      {about.headline ? <ValueGraph check={check} device={device} result={result} /> : <p className="dimmed">{words.noGraph}</p>}
      {told.length > 0 && (
        <ul className={styles["told"]}>
          {told.map(({ code, subject, severity, openedAt, closedAt, flapCount }) => (
            <li key={`${code} ${subject} ${openedAt}`}>
              <StateMark state={severity}>{texts.states[severity]}</StateMark>
              <span>{[subject, flapCount === null ? "" : words.flaps(flapCount)].filter(Boolean).join(", ") || about.name}</span>
              <span>{format.dateTime(Date.parse(openedAt))}</span>
              <span className="dimmed">
                {closedAt === null ? words.open : format.duration((Date.parse(closedAt) - Date.parse(openedAt)) / 1_000)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The check's main value; of several subjects the one with most findings. */
function ValueGraph({ check, device, result }: { check: string; device: ReplayedDevice; result: ReplayResult }) {
  const { texts, checkTexts } = useSpeech();
  const about = checkTexts(check);
  const field = about.headline;
  const subject = field.includes(".") ? mostNamed(device) : "";
  const [from, to] = [Date.parse(result.from) / 1_000, Date.parse(result.to) / 1_000];
  const { data, error, refetch } = useQuery({
    ...query("getSeries", {
      params: { deviceId: device.deviceId, number: device.checkNumber },
      query: { from: result.from, to: result.to, field, ...(subject && { subject }) },
    }),
    staleTime: 600_000,
  });
  const series = data?.series[0];
  const shown = useMemo(() => series && { ...series, label: about.fieldLabel(field) }, [series, about, field]);
  const { deviceId, checkNumber } = device;
  const known = useQuery({ ...query("listDeviceChecks", { params: { deviceId } }), staleTime: 600_000 });
  // A threshold in percent becomes an amount by what the device says of the subject.
  const evidence = useMemo(() => {
    const own = known.data?.items.find(({ number }) => number === checkNumber);
    return own ? evidenceOf(own, subject) : {};
  }, [known.data, checkNumber, subject]);
  const limits = useMemo(() => about.limits(device.settings, evidence), [about, device, evidence]);
  const wouldBe = useMemo(
    () =>
      device.listed
        .filter((finding) => subject === "" || finding.subject === subject)
        .map(({ openedAt, closedAt, severity }) => ({
          from: Date.parse(openedAt) / 1_000,
          to: closedAt === null ? to : Date.parse(closedAt) / 1_000,
          severity,
        })),
    [device, subject, to],
  );
  if (!data) return error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />;
  if (!shown || shown.value.every((value) => value === null)) return <p className="dimmed">{texts.device.noValues}</p>;
  return (
    <>
      {subject && <h4>{subject}</h4>}
      <Suspense fallback={<Loading />}>
        <Graph series={shown} from={from} to={to} stepSeconds={data.stepSeconds || result.everySeconds} limits={limits} spans={wouldBe} />
      </Suspense>
    </>
  );
}

function mostNamed({ listed }: ReplayedDevice): string {
  const bySubject = [...Map.groupBy(listed, ({ subject }) => subject)].sort(([, one], [, other]) => other.length - one.length);
  return bySubject[0]?.[0] ?? "";
}
