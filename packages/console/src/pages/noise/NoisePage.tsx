/** False alarms by check, customer and week; what is over its budget stands first, with the way to change it. */
import { locales } from "@hauswart/protocol/format.ts";
import type { NoiseReport } from "@hauswart/protocol/api/noise.ts";
import { Badge, Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { query } from "../../api/queries.ts";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { PlainTable, type PlainColumn } from "../../components/PlainTable.tsx";
import { useSpeech, type Texts } from "../../texts/texts.tsx";

const spans = [4, 13, 52] as const;
/** A rule is over its budget beyond either. */
const budget = { noisePercent: 10, weekly: 50 } as const;

type Counts = Pick<NoiseReport["rules"][number], "findings" | "useful" | "noise" | "known" | "noisePercent">;

export function NoisePage() {
  const { texts, format, language } = useSpeech();
  const words = texts.noise;
  const [weeks, setWeeks] = useState<number>(4);
  const { data, error, refetch } = useQuery({
    ...query("getNoise", { query: { weeks, ...budget } }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <Page
      title={words.title}
      narrow
      filters={
        <Select
          aria-label={words.weeks}
          allowDeselect={false}
          w={180}
          data={spans.map((span) => ({ value: String(span), label: words.weekCount(span) }))}
          value={String(weeks)}
          onChange={(value) => setWeeks(Number(value))}
        />
      }
    >
      <p className="dimmed">{words.help}</p>
      {!data && (error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />)}
      {data && data.rules.length === 0 && <p>{words.none}</p>}
      {data && data.rules.length > 0 && (
        <>
          <Rules
            rules={data.rules}
            note={words.over(
              data.rules.filter(({ isOverBudget }) => isOverBudget).length,
              format.percent(budget.noisePercent),
              format.number(budget.weekly),
            )}
          />
          <Section title={words.customers}>
            <PlainTable
              label={words.customers}
              columns={countColumns(words, { header: words.customer })}
              rows={data.customers.map((one) => ({
                key: one.customerId,
                cells: [
                  <Link key="name" to="/findings" search={{ customer: one.customerId }}>
                    {one.customerName}
                  </Link>,
                  ...cellsOf(one, format),
                ],
              }))}
            />
          </Section>
          <Section title={words.byWeek}>
            <PlainTable
              label={words.byWeek}
              columns={countColumns(words, { header: words.week })}
              rows={data.byWeek.toReversed().map((one) => ({
                key: one.monday,
                cells: [
                  new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(one.monday)),
                  ...cellsOf(one, format),
                ],
              }))}
            />
          </Section>
        </>
      )}
    </Page>
  );
}

function Rules({ rules, note }: { rules: NoiseReport["rules"]; note: string }) {
  const { texts, format, checkTexts } = useSpeech();
  const words = texts.noise;
  const columns: PlainColumn[] = [
    ...countColumns(words, { header: words.rule, wraps: true }),
    { header: words.aWeek, align: "end", width: "90px", from: "sm" },
    { header: words.propose, isHeaderHidden: true, align: "end", width: "190px", from: "sm" },
  ];
  return (
    <Section title={words.rules} note={note}>
      <PlainTable
        label={words.rules}
        columns={columns}
        rows={rules.map((rule) => ({
          key: rule.check,
          cells: [
            <span key="name">
              {rule.policyId ? (
                <Link to="/policies/$policyId" params={{ policyId: rule.policyId }} search={{ check: rule.check }}>
                  {checkTexts(rule.check).name}
                </Link>
              ) : (
                checkTexts(rule.check).name
              )}{" "}
              {rule.isOverBudget && (
                <Badge color="accent" variant="outline">
                  {words.isOver}
                </Badge>
              )}
            </span>,
            ...cellsOf(rule, format),
            format.number(rule.findingsAWeek, 1),
            rule.isOverBudget && rule.policyId ? (
              <Link key="change" to="/policies/$policyId" params={{ policyId: rule.policyId }} search={{ check: rule.check }}>
                {words.propose}
              </Link>
            ) : (
              ""
            ),
          ],
        }))}
      />
    </Section>
  );
}

function countColumns({ findings, verdicts, share }: Texts["noise"], first: PlainColumn): PlainColumn[] {
  return [
    first,
    { header: findings, align: "end", width: "90px" },
    { header: verdicts.useful, align: "end", width: "90px", from: "md" },
    { header: verdicts.noise, align: "end", width: "90px", from: "md" },
    { header: verdicts.known, align: "end", width: "90px", from: "md" },
    { header: `${share} %`, align: "end", width: "100px" },
  ];
}

function cellsOf({ findings, useful, noise, known, noisePercent }: Counts, format: ReturnType<typeof useSpeech>["format"]) {
  const numbers = [findings, useful, noise, known].map((one) => format.number(one));
  return [...numbers, noisePercent === null ? "–" : format.percent(noisePercent)];
}
