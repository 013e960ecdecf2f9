/** One answer each. */
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Ago, Moment } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { DeviceLink } from "../../components/links.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateCount, StateMark, StateShape } from "../../components/StateMark.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import type { Overview } from "./OverviewPage.tsx";
import styles from "./OverviewPage.module.css";
import type { useVisit } from "./visit.ts";

/** As many rows as fit without scrolling; the rest is one click away. */
const most = 10;

export function Broken({ overview }: { overview: Overview }) {
  const texts = useTexts();
  const { broken, findings } = overview;
  return (
    <Section
      title={texts.overview.broken}
      note={
        findings.acknowledged > 0 && (
          <Link to="/findings" search={{ state: "acknowledged", drills: "without" }}>
            {texts.overview.acknowledged(findings.acknowledged)}
          </Link>
        )
      }
      actions={
        <Link to="/findings" search={{ state: "open" }}>
          {texts.overview.allFindings}
        </Link>
      }
    >
      {broken.length === 0 ? (
        <p>
          <StateMark state="ok">{texts.overview.brokenNone}</StateMark>
        </p>
      ) : (
        <PlainTable
          label={texts.overview.broken}
          columns={[
            { header: texts.overview.customer },
            { header: texts.overview.failures, width: "72px" },
            { header: texts.overview.warnings, width: "80px" },
            { header: texts.overview.affected, width: "60px", align: "end", from: "md" },
            { header: texts.overview.oldest, width: "106px", from: "sm" },
          ]}
          rows={broken.slice(0, most).map((row) => ({ key: row.customerId ?? "server", cells: brokenCells(row) }))}
        />
      )}
      {broken.length > most && (
        <p className="dimmed">
          <Link to="/findings" search={{ state: "open" }}>
            {texts.overview.more(broken.length - most)}
          </Link>
        </p>
      )}
      <Held held={findings.held} />
    </Section>
  );
}

/** What is broken too, and why nobody was told of it. */
function Held({ held }: { held: Overview["findings"]["held"] }) {
  const texts = useTexts();
  const kinds = (["maintenance", "cause"] as const).filter((kind) => held[kind] > 0);
  if (kinds.length === 0) return null;
  return (
    <p className="dimmed">
      {texts.overview.heldAmong}{" "}
      {kinds.map((kind, index) => (
        <span key={kind}>
          {index > 0 && ", "}
          <Link to="/findings" search={{ hold: kind, drills: "without" }}>
            {texts.overview.held[kind](held[kind])}
          </Link>
        </span>
      ))}
    </p>
  );
}

/** Every number leads to the list of exactly what it counts. */
function brokenCells(row: Overview["broken"][number]): ReactNode[] {
  const open = {
    state: "open",
    drills: "without",
    ...(row.customerId === null ? { check: serverCheckId } : { customer: row.customerId }),
  } as const;
  return [
    <Link key="name" to="/findings" search={open}>
      {row.customerName}
    </Link>,
    row.failure > 0 && (
      <Link key="failure" to="/findings" search={{ ...open, severity: "failure" }}>
        <StateCount state="failure" count={row.failure} />
      </Link>
    ),
    row.warning > 0 && (
      <Link key="warning" to="/findings" search={{ ...open, severity: "warning" }}>
        <StateCount state="warning" count={row.warning} />
      </Link>
    ),
    row.customerId !== null && row.affectedDevices > 0 ? (
      <Link key="devices" to="/devices" search={{ customer: row.customerId, show: "open-findings" }}>
        {row.affectedDevices}
      </Link>
    ) : (
      row.affectedDevices
    ),
    <Ago key="oldest" at={row.oldestOpenedAt} short />,
  ];
}

/** Why something is not known: a reason of a check, or a state of the device. */
function useReason(): (reason: string) => string {
  const texts = useTexts();
  const known: Record<string, string> = {
    ...texts.presence.reasons,
    silent: texts.presence.silent,
    "shut-down": texts.presence["shut-down"],
    "never-connected": texts.presence["never-connected"],
    ...texts.unknownReasons,
  };
  return (reason) => known[reason] ?? reason;
}

export function Unknown({ overview }: { overview: Overview }) {
  const texts = useTexts();
  const reasonOf = useReason();
  const { unknown, unknownTotal } = overview;
  return (
    <Section
      title={texts.overview.unknown}
      actions={
        <Link to="/devices" search={{ show: "unknown-checks" }}>
          {texts.overview.allUnknown}
        </Link>
      }
    >
      {unknown.length === 0 ? (
        <p>
          <StateMark state="ok">{texts.overview.unknownNone}</StateMark>
        </p>
      ) : (
        <PlainTable
          label={texts.overview.unknown}
          columns={[
            { header: texts.overview.device },
            { header: texts.overview.reason, width: "38%", wraps: true },
            { header: texts.overview.customer, from: "md" },
            { header: texts.overview.checks, width: "80px", align: "end", from: "md" },
            { header: texts.overview.since, width: "110px", from: "sm" },
          ]}
          rows={unknown.slice(0, most).map((row) => ({
            key: row.deviceId,
            cells: [
              <DeviceLink key="name" deviceId={row.deviceId}>
                {row.deviceName}
              </DeviceLink>,
              <StateMark key="reason" state="unknown">
                {reasonOf(row.reason)}
              </StateMark>,
              row.customerName,
              row.checks,
              <Ago key="since" at={row.since} short />,
            ],
          }))}
        />
      )}
      {unknownTotal > most && (
        <p className="dimmed">
          <Link to="/devices" search={{ show: "unknown-checks" }}>
            {texts.overview.more(unknownTotal - most)}
          </Link>
        </p>
      )}
    </Section>
  );
}

export function Changed({ overview, visit }: { overview: Overview; visit: ReturnType<typeof useVisit> }) {
  const { texts, format, checkTexts } = useSpeech();
  return (
    <Section
      title={texts.overview.changed}
      note={visit.isVisit ? texts.answers.since(format.dateTime(visit.sinceMs)) : texts.answers.sinceDay}
      actions={
        overview.changed.length > 0 && (
          <>
            <Link
              to="/findings"
              search={{ state: "all", changed: new Date(visit.sinceMs).toISOString() }}
              aria-label={texts.answers.allChanged}
            >
              {texts.answers.all}
            </Link>
            <button type="button" className={styles["seen"]} onClick={visit.markSeen}>
              {texts.answers.seen}
            </button>
          </>
        )
      }
    >
      {overview.changed.length === 0 ? (
        <p className="dimmed">{texts.answers.noneSince}</p>
      ) : (
        <PlainTable
          label={texts.overview.changed}
          columns={[
            { header: texts.findings.what, wraps: true },
            { header: texts.findings.device, width: "27%", from: "sm" },
            { header: texts.overview.when, width: "96px" },
          ]}
          rows={overview.changed.slice(0, most).map((finding) => ({
            key: finding.findingId,
            cells: [
              <span key="what" className={styles["changed"]}>
                <StateShape state={finding.state === "closed" ? "ok" : finding.severity} />
                <span className={styles["what"]} data-where={finding.deviceName ?? finding.customerName}>
                  <Link
                    to="/findings"
                    search={{ finding: finding.findingId, state: finding.state === "closed" ? "closed" : undefined }}
                    title={checkTexts(finding.check).title(finding)}
                  >
                    {finding.state === "closed" && `${texts.findings.stateWords.closed}: `}
                    {checkTexts(finding.check).title(finding)}
                  </Link>
                </span>
              </span>,
              finding.deviceId && finding.deviceName ? (
                <DeviceLink deviceId={finding.deviceId}>{finding.deviceName}</DeviceLink>
              ) : (
                finding.customerName
              ),
              <Ago key="at" at={finding.changedAt} short />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

export function Server({ overview }: { overview: Overview }) {
  const { format, texts } = useSpeech();
  const { server } = overview;
  return (
    <Section title={texts.overview.server}>
      <Facts
        facts={[
          {
            name: texts.overview.mailStuck,
            value:
              server.mailStuck > 0 ? (
                <Link to="/outbox" search={{ state: "queued" }} title={texts.overview.mailStuckHelp}>
                  <StateMark state="warning">{server.mailStuck}</StateMark>
                </Link>
              ) : (
                0
              ),
          },
          ...(server.mailKept > 0
            ? [
                {
                  name: texts.overview.mailKept,
                  value: (
                    <Link to="/outbox" search={{ state: "kept" }} title={texts.overview.mailKeptHelp}>
                      {server.mailKept}
                    </Link>
                  ),
                },
              ]
            : []),
          { name: texts.overview.diskFree, value: server.diskFreeBytes === null ? "–" : format.bytes(server.diskFreeBytes) },
          { name: texts.overview.runningSince, value: <Moment at={server.startedAt} /> },
          { name: texts.overview.version, value: server.version },
        ]}
      />
    </Section>
  );
}
