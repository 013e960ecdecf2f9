/** The records of a round: what was measured on each device on each working day, or why nothing could be. */
import type { RoundRecord } from "@hauswart/protocol/api/rounds.ts";
import { Select } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useList } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Moment } from "../../components/Ago.tsx";
import { ClearFilters, DayFilter } from "../../components/filters.tsx";
import { CustomerLink } from "../../components/links.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import type { Column } from "../../components/table/columns.ts";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useSpeech, type Texts } from "../../texts/texts.tsx";

const route = getRouteApi("/app/rounds/$check");
export const recordStates = ["done", "bad", "not-measurable", "late", "waiting"] as const;

const keyOf = (record: RoundRecord) => `${record.deviceId} ${record.day}`;

function stateText({ state, reason, result, isLate }: RoundRecord, texts: Texts["rounds"]): string {
  const why = reason === null ? "" : `: ${texts.reasons[reason]}`;
  const bad = result === null || result === "ok" ? "" : `, ${texts.states.bad}`;
  return `${texts.states[state]}${why}${bad}${isLate && state === "done" ? `, ${texts.isLate}` : ""}`;
}

function valuesText({ subjects }: RoundRecord, texts: Texts["rounds"]): string {
  return subjects
    .map(({ subject, evidence }) => {
      const days = evidence["ageWorkingDays"];
      const version = evidence["signatureVersion"];
      return [subject, version, typeof days === "number" ? texts.age(days) : null].filter(Boolean).join(" · ");
    })
    .join("; ");
}

function useColumns(): readonly Column<RoundRecord>[] {
  const { texts, writeDay } = useSpeech();
  return useMemo(() => {
    const words = texts.rounds;
    return [
      {
        id: "day",
        header: words.day,
        from: "sm",
        width: 120,
        cell: (one) => <time dateTime={one.day}>{writeDay.shortOfYear(one.day)}</time>,
        value: (one) => one.day,
      },
      {
        id: "device",
        header: words.device,
        width: 130,
        grow: 1,
        main: true,
        cell: (one) => (
          <Link to="/devices/$deviceId" params={{ deviceId: one.deviceId }}>
            {one.deviceName}
          </Link>
        ),
        value: (one) => one.deviceName,
      },
      {
        id: "state",
        header: words.state,
        width: 170,
        grow: 1.5,
        cell: (one) => (
          <StateMark state={one.state === "done" ? one.result! : "unknown"}>
            <span title={stateText(one, words)}>{stateText(one, words)}</span>
          </StateMark>
        ),
        value: (one) => stateText(one, words),
      },
      {
        id: "values",
        header: words.values,
        from: "md",
        width: 200,
        grow: 1,
        cell: (one) => (
          <span title={valuesText(one, words)} className={one.state === "done" ? undefined : "dimmed"}>
            {valuesText(one, words)}
          </span>
        ),
        value: (one) => valuesText(one, words),
      },
      {
        id: "measured",
        header: words.measured,
        from: "sm",
        width: 150,
        cell: (one) => one.evidenceAt && <Moment at={one.evidenceAt} />,
        value: (one) => one.evidenceAt,
      },
      {
        id: "customer",
        header: words.customer,
        from: "md",
        width: 180,
        grow: 1,
        cell: (one) => <CustomerLink customerId={one.customerId}>{one.customerName}</CustomerLink>,
        value: (one) => one.customerName,
      },
      { id: "site", header: words.site, from: "lg", width: 130, value: (one) => one.siteName },
    ];
  }, [texts, writeDay]);
}

export function RoundRecordsPage() {
  const { texts, checkTexts, writeDay } = useSpeech();
  const { check } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const customerId = useScope();
  const { from: fromDay, to: toDay, state } = search;
  const question = useMemo(() => ({ check, customerId, fromDay, toDay, state }), [check, customerId, fromDay, toDay, state]);
  const list = useList("listRoundRecords", { query: question });
  const columns = useColumns();
  const words = texts.rounds;
  return (
    <Page
      title={`${checkTexts(check).name}: ${words.heading}`}
      note={words.lead}
      filling
      filters={
        <>
          <Select
            aria-label={words.state}
            placeholder={words.anyState}
            w={190}
            clearable
            data={recordStates.map((value) => ({ value, label: words.states[value] }))}
            value={state ?? null}
            onChange={(value) =>
              void navigate({ search: (before) => ({ ...before, state: recordStates.find((one) => one === value) }), replace: true })
            }
          />
          <DayFilter
            label={words.from}
            value={fromDay}
            onChange={(day) => void navigate({ search: (before) => ({ ...before, from: day }), replace: true })}
          />
          <DayFilter
            label={words.to}
            value={toDay}
            onChange={(day) => void navigate({ search: (before) => ({ ...before, to: day }), replace: true })}
          />
        </>
      }
    >
      {list.error && list.rows.length === 0 ? (
        <ErrorNote error={list.error} onRetry={list.retry} />
      ) : list.isLoading ? (
        <Loading />
      ) : (
        <DataTable
          id="rounds"
          label={words.records}
          columns={columns}
          rows={list.rows}
          rowKey={keyOf}
          question={list.isStale ? null : JSON.stringify(question)}
          secondary={(one) => `${writeDay.shortOfYear(one.day)} · ${one.customerName}`}
          stale={list.isStale}
          hasMore={list.hasMore}
          onMore={list.loadMore}
          csv={list.csv}
          empty={
            <Empty title={words.none} action={(fromDay ?? toDay ?? state) && <ClearFilters />}>
              {words.noneHelp}
            </Empty>
          }
        />
      )}
    </Page>
  );
}
