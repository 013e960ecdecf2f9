/** One finding, told from the beginning: what, where, since when, what it means, what to do, how we know, what happened. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { formatFor, type Language } from "@hauswart/protocol/format.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { query } from "../../api/queries.ts";
import { Ago, Moment } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { CustomerLink, DeviceLink } from "../../components/links.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Pane } from "../../components/Pane.tsx";
import { StateMark, StateShape } from "../../components/StateMark.tsx";
import { evidenceRows } from "../../features/evidence.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { OrderOfFinding } from "../care/OrderOfFinding.tsx";
import { AlarmVerdict } from "./AlarmVerdict.tsx";
import { History } from "./History.tsx";
import { PastFindings } from "./PastFindings.tsx";
import styles from "./findings.module.css";

const FindingGraph = lazy(() => import("./FindingGraph.tsx"));

interface Props {
  readonly findingId: string;
  readonly onClose: () => void;
  readonly onAcknowledge: (finding: Finding) => void;
  readonly onNote: (finding: Finding) => void;
  readonly onContact: (finding: Finding) => void;
  readonly onReopen: (finding: Finding) => void;
}

export function FindingPane({ findingId, onClose, onAcknowledge, onNote, onContact, onReopen }: Props) {
  const { texts, checkTexts } = useSpeech();
  const { data: finding, error, refetch } = useQuery(query("getFinding", { params: { findingId } }));
  if (!finding) {
    return (
      <Pane label={texts.findings.title} onClose={onClose}>
        {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />}
      </Pane>
    );
  }
  const about = checkTexts(finding.check);
  const meaning = about.meaning(finding);
  const advice = about.advice(finding);
  const actions = (
    <Allowed to="findings:write">
      {finding.state === "open" && <Button onClick={() => onAcknowledge(finding)}>{texts.findings.acknowledge}</Button>}
      {finding.state === "acknowledged" && (
        <Button variant="default" onClick={() => onReopen(finding)}>
          {texts.findings.reopen}
        </Button>
      )}
      <Button variant="default" onClick={() => onNote(finding)}>
        {texts.keys.noteDo}
      </Button>
      {finding.customerId !== null && (
        <Button variant="default" onClick={() => onContact(finding)}>
          {texts.care.record}
        </Button>
      )}
    </Allowed>
  );
  return (
    <Pane label={about.title(finding)} onClose={onClose} actions={actions}>
      <h2 className={styles["title"]}>
        <StateShape state={finding.state === "closed" ? "ok" : finding.severity} />
        {about.title(finding)}
      </h2>
      <Where finding={finding} />
      <Standing finding={finding} />
      {finding.events.some(({ kind }) => kind === "ordered") && <OrderOfFinding findingId={finding.findingId} />}
      {meaning && <Block title={texts.findings.meaning}>{meaning}</Block>}
      {advice && <Block title={texts.findings.advice}>{advice}</Block>}
      <Evidence finding={finding} />
      <AlarmVerdict findingId={finding.findingId} />
      {finding.deviceId && (
        <Suspense>
          <FindingGraph finding={finding} deviceId={finding.deviceId} />
        </Suspense>
      )}
      <div className={styles["block"]}>
        <h3>{texts.findings.history}</h3>
        <History events={finding.events} />
      </div>
      <PastFindings finding={finding} />
      {about.description && <Block title={texts.findings.why}>{`${about.name}: ${about.description}`}</Block>}
    </Pane>
  );
}

function Block({ title, children }: { title: string; children: string }) {
  return (
    <div className={styles["block"]}>
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  );
}

function Where({ finding }: { finding: Finding }) {
  return (
    <p className={styles["where"]}>
      {finding.deviceId && finding.deviceName && (
        <>
          <DeviceLink deviceId={finding.deviceId}>{finding.deviceName}</DeviceLink>
          {" · "}
        </>
      )}
      {finding.customerId === null ? (
        finding.customerName
      ) : (
        <CustomerLink customerId={finding.customerId}>{finding.customerName}</CustomerLink>
      )}
      {finding.siteName && ` · ${finding.siteName}`}
    </p>
  );
}

/** The time of the place, where it is another than the reader's: people there call it by that. */
function timeThere({ openedAt, timeZone }: Finding, language: Language): string {
  const openedAtMs = Date.parse(openedAt);
  const there = formatFor(language, timeZone).dateTime(openedAtMs);
  return there === formatFor(language).dateTime(openedAtMs) ? "" : `; ${timeZone}: ${there}`;
}

/** Open, acknowledged by whom and until when, or closed. */
function Standing({ finding }: { finding: Finding }) {
  const { texts, format, language } = useSpeech();
  const { acknowledgement } = finding;
  return (
    <div className={styles["block"]}>
      <Facts
        facts={[
          { name: texts.findings.severity, value: <StateMark state={finding.severity} /> },
          {
            name: texts.findings.since,
            value: (
              <>
                <Ago at={finding.openedAt} />{" "}
                <span className="dimmed">
                  ({format.dateTime(Date.parse(finding.openedAt))}
                  {timeThere(finding, language)})
                </span>
              </>
            ),
          },
          ...(finding.closedAt ? [{ name: texts.findings.closedAt, value: <Ago at={finding.closedAt} /> }] : []),
          ...(finding.hold ? [{ name: texts.findings.held, value: <Held finding={finding} /> }] : []),
          ...(finding.incident && (finding.incident.members > 0 || !finding.incident.isCause)
            ? [{ name: texts.findings.incident, value: <InIncident finding={finding} /> }]
            : []),
          ...(acknowledgement
            ? [
                {
                  name: texts.findings.acknowledgedBy,
                  value: (
                    <>
                      {acknowledgement.by}, <Ago at={acknowledgement.at} />
                      <span className="dimmed">
                        {", "}
                        {acknowledgement.until
                          ? texts.findings.acknowledgedUntil(format.dateTime(Date.parse(acknowledgement.until)))
                          : texts.findings.acknowledgedOpenEnd}
                      </span>
                    </>
                  ),
                },
                ...(acknowledgement.note ? [{ name: texts.findings.note, value: acknowledgement.note }] : []),
                ...(acknowledgement.customerNote ? [{ name: texts.findings.customerNote, value: acknowledgement.customerNote }] : []),
              ]
            : []),
        ]}
      />
    </div>
  );
}

/** Why nobody was told, and whether somebody will be. */
function Held({ finding: { hold, state } }: { finding: Finding }) {
  const { texts, format } = useSpeech();
  if (!hold) return null;
  const until = hold.until === null ? texts.findings.heldForever : texts.findings.heldUntil(format.dateTime(Date.parse(hold.until)));
  return (
    <>
      {hold.kind === "maintenance" ? (
        <Link to="/maintenance">{hold.windowName ?? texts.maintenance.title}</Link>
      ) : (
        texts.findings.heldByCause
      )}
      {hold.kind === "maintenance" && state !== "closed" && <span className="dimmed">; {until}</span>}
    </>
  );
}

/** The cause, or how much it explains. */
function InIncident({ finding: { incident } }: { finding: Finding }) {
  const texts = useTexts();
  if (!incident) return null;
  if (incident.isCause) return <>{texts.findings.explains(incident.members)}</>;
  return (
    <Link from="/findings" to="/findings" search={(before) => ({ ...before, finding: incident.causeFindingId })}>
      {texts.findings.toCause}
    </Link>
  );
}

function Evidence({ finding }: { finding: Finding }) {
  const { format, checkTexts } = useSpeech();
  const texts = useTexts();
  const about = checkTexts(finding.check);
  // What has no label stands in the summary; the bare names of values help nobody.
  const rows = evidenceRows(finding.evidence, format).flatMap(({ name, value }) => {
    const label = about.evidenceLabel(name, finding.evidence[name]);
    return label && value !== "–" ? [{ name: label, value }] : [];
  });
  const summary = about.summary(finding);
  return (
    <div className={styles["block"]}>
      <h3>{texts.findings.evidence}</h3>
      {finding.check !== deviceCheckId && finding.check !== serverCheckId && finding.check !== siteCheckId && summary && <p>{summary}</p>}
      <Facts
        facts={[
          {
            name: texts.findings.evidenceFrom,
            value: (
              <>
                <Ago at={finding.evidenceAt} />{" "}
                <span className="dimmed">
                  (<Moment at={finding.evidenceAt} />)
                </span>
              </>
            ),
          },
          ...(finding.subject ? [{ name: texts.device.subject, value: finding.subject }] : []),
          ...rows,
        ]}
      />
    </div>
  );
}
