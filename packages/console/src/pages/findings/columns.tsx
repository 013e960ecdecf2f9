/** Columns of the list of findings. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useMemo, type ReactNode } from "react";
import { Ago } from "../../components/Ago.tsx";
import { DeviceLink } from "../../components/links.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import type { Column } from "../../components/table/columns.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import type { Incidents } from "./incidents.ts";
import styles from "./findings.module.css";

interface Question {
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly withCustomer: boolean;
  readonly closed: boolean;
  /** A pane is open beside the list. */
  readonly dense: boolean;
  readonly incidents: Incidents & { readonly unfolded: ReadonlySet<string>; readonly fold: (id: string) => void };
}

type Speech = Pick<ReturnType<typeof useSpeech>, "texts" | "checkTexts">;

export function useFindingColumns({ selected, onToggle, withCustomer, closed, dense, incidents }: Question): readonly Column<Finding>[] {
  const { texts, checkTexts } = useSpeech();
  return useMemo(() => {
    const speech = { texts, checkTexts };
    const columns = [
      ...leadingColumns(speech, { selected, onToggle, withCustomer, closed, incidents }),
      ...detailColumns(speech, { closed, dense }),
    ];
    return columns.filter((column) => column !== false);
  }, [texts, checkTexts, selected, onToggle, withCustomer, closed, dense, incidents]);
}

interface WhatProps {
  readonly isFollowing: boolean;
  /** How many findings stand behind this one. */
  readonly behind: number;
  readonly isUnfolded: boolean;
  readonly onFold: () => void;
  readonly children: ReactNode;
}

/** The finding's name; set in when it belongs to the one above, with a handle when others stand behind it. */
function What({ isFollowing, behind, isUnfolded, onFold, children }: WhatProps) {
  const texts = useTexts();
  return (
    <span className={styles["what"]} data-following={isFollowing || undefined}>
      {children}
      {behind > 0 && (
        <button
          type="button"
          className={styles["fold"]}
          aria-expanded={isUnfolded}
          title={`${texts.keys.behindWhole(behind)}. ${texts.keys.behindHelp}`}
          onClick={onFold}
        >
          <ChevronRight size={12} aria-hidden />
          {behind} <span className={styles["behind"]}>{texts.keys.behind}</span>
        </button>
      )}
    </span>
  );
}

/** What was found, and where. */
function leadingColumns(
  { texts, checkTexts }: Speech,
  { selected, onToggle, withCustomer, closed, incidents }: Omit<Question, "dense">,
): (Column<Finding> | false)[] {
  const title = (finding: Finding) => checkTexts(finding.check).title(finding);
  // Among the closed ones alone the severity says more; beside open ones a closed one must not look like them.
  const isPast = (finding: Finding) => !closed && finding.state === "closed";
  return [
    !closed && {
      id: "select",
      header: "",
      hiddenHeader: texts.findings.select,
      width: 32,
      cell: (finding) => (
        <Checkbox
          size="xs"
          aria-label={texts.findings.selectOne(title(finding))}
          checked={selected.has(finding.findingId)}
          onChange={() => onToggle(finding.findingId)}
        />
      ),
    },
    {
      id: "severity",
      header: texts.findings.severity,
      from: "sm",
      width: 104,
      cell: (finding) => (
        <StateMark state={isPast(finding) ? "ok" : finding.severity}>
          {isPast(finding) ? texts.findings.stateWords.closed : undefined}
        </StateMark>
      ),
      value: (finding) => texts.states[finding.severity],
    },
    {
      id: "what",
      header: texts.findings.what,
      width: 240,
      grow: 3,
      main: true,
      cell: (finding) => (
        <What
          isFollowing={incidents.following.has(finding.findingId)}
          behind={incidents.behind.get(finding.findingId)?.length ?? 0}
          isUnfolded={incidents.unfolded.has(finding.findingId)}
          onFold={() => incidents.fold(finding.findingId)}
        >
          <Link
            from="/findings"
            to="/findings"
            search={(before) => ({ ...before, finding: finding.findingId })}
            data-row-link={finding.findingId}
            title={title(finding)}
          >
            {title(finding)}
          </Link>
        </What>
      ),
      value: title,
    },
    {
      id: "device",
      header: texts.findings.device,
      from: "sm",
      width: 150,
      grow: 1,
      cell: (finding) =>
        finding.deviceId && finding.deviceName ? (
          <DeviceLink deviceId={finding.deviceId}>{finding.deviceName}</DeviceLink>
        ) : (
          <span className="dimmed">{finding.check === siteCheckId && finding.siteName ? finding.siteName : texts.findings.noDevice}</span>
        ),
      value: (finding) => finding.deviceName,
    },
    withCustomer && {
      id: "customer",
      header: texts.findings.customer,
      from: "md",
      width: 160,
      grow: 1,
      value: (finding) => finding.customerName,
    },
    {
      id: "site",
      header: texts.findings.site,
      from: "xl",
      width: 120,
      grow: 0.5,
      cell: (finding) => finding.siteName ?? "–",
      value: (finding) => finding.siteName,
    },
  ];
}

/** What has become of it, and when. */
function detailColumns({ texts, checkTexts }: Speech, { closed, dense }: Pick<Question, "closed" | "dense">): (Column<Finding> | false)[] {
  return [
    {
      id: "check",
      header: texts.findings.check,
      from: "xl",
      width: 150,
      value: (finding) => checkTexts(finding.check).name,
    },
    !closed && {
      id: "state",
      header: texts.findings.state,
      from: "md",
      width: 124,
      cell: ({ state, acknowledgement, hold }) =>
        hold && state === "open" ? (
          <span className="dimmed" title={hold.windowName ?? texts.findings.heldByCause}>
            {texts.findings.heldWords[hold.kind]}
          </span>
        ) : acknowledgement ? (
          <span className="dimmed" title={`${texts.findings.by(acknowledgement.by)} ${acknowledgement.note}`.trim()}>
            {texts.findings.stateWords[state]}
          </span>
        ) : (
          texts.findings.stateWords[state]
        ),
      value: (finding) => texts.findings.stateWords[finding.state],
    },
    {
      id: "since",
      header: texts.findings.since,
      from: dense ? "md" : closed ? "sm" : "always",
      width: 108,
      cell: (finding) => <Ago at={finding.openedAt} short />,
      value: (finding) => finding.openedAt,
    },
    closed && {
      id: "closed",
      header: texts.findings.closedAt,
      width: 112,
      cell: (finding) => <Ago at={finding.closedAt} short />,
      value: (finding) => finding.closedAt,
    },
    {
      id: "evidence",
      header: texts.findings.lastEvidence,
      from: "xl",
      width: 140,
      cell: (finding) => <Ago at={finding.evidenceAt} short />,
      value: (finding) => finding.evidenceAt,
    },
  ];
}
