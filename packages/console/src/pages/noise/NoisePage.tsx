/** False alarms by check, customer and week; what is over its budget stands first, with the way to change it. */
import type { NoiseReport } from "@hauswart/protocol/api/noise.ts";
import { Badge, Button, Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useAnswer } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section, Stale } from "../../components/Page.tsx";
import type { PlainColumn } from "../../components/PlainTable.tsx";
import { CsvTable } from "../../components/table/CsvTable.tsx";
import { useSpeech, useTexts, type Texts } from "../../texts/texts.tsx";
import { Budget } from "./Budget.tsx";

const spans = [4, 13, 52] as const;

type Counts = Pick<NoiseReport["rules"][number], "findings" | "useful" | "noise" | "known" | "noisePercent">;

export function NoisePage() {
  const { texts, format, writeDay } = useSpeech();
  const words = texts.noise;
  const [weeks, setWeeks] = useState<number>(4);
  const { data, error, isStale, retry } = useAnswer("getNoise", { query: { weeks } }, { staleTime: 60_000 });
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
      {data && <Budget budget={data.budget} />}
      {!data && (error ? <ErrorNote error={error} onRetry={retry} /> : <Loading />)}
      {data && data.rules.length === 0 && <p>{words.none}</p>}
      {data && data.rules.length > 0 && (
        <Stale isStale={isStale}>
          <Rules
            rules={data.rules}
            note={`${words.since(writeDay.date(data.from))}. ${words.over(data.rules.filter(({ isOverBudget }) => isOverBudget).length)}`}
          />
          <Section title={words.customers}>
            <CsvTable
              id="noise-by-customer"
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
                values: [one.customerName, ...valuesOf(one)],
              }))}
            />
          </Section>
          <Section title={words.byWeek}>
            <CsvTable
              id="noise-by-week"
              label={words.byWeek}
              columns={countColumns(words, { header: words.week })}
              rows={data.byWeek.toReversed().map((one) => ({
                key: one.monday,
                cells: [writeDay.date(one.monday), ...cellsOf(one, format)],
                values: [one.monday, ...valuesOf(one)],
              }))}
            />
          </Section>
        </Stale>
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
    { header: words.propose, isHeaderHidden: true, align: "end", width: "216px", from: "sm" },
  ];
  return (
    <Section title={words.rules} note={note}>
      <CsvTable
        id="noise-by-rule"
        label={words.rules}
        columns={columns}
        rows={rules.map((rule) => ({
          key: [rule.check, rule.instance, rule.policyId].join(" "),
          cells: [
            <span key="name">
              {rule.policyId ? (
                <Link to="/policies/$policyId" params={{ policyId: rule.policyId }} search={{ check: rule.check }}>
                  {checkTexts(rule.check).name}
                </Link>
              ) : (
                checkTexts(rule.check).name
              )}{" "}
              {(rule.instance || rule.policyName) && (
                <span className="dimmed">{[rule.instance, rule.policyName].filter(Boolean).join(" · ")} </span>
              )}
              {rule.isOverBudget && (
                <Badge color="accent" variant="outline">
                  {words.isOver}
                </Badge>
              )}
            </span>,
            ...cellsOf(rule, format),
            format.number(rule.findingsAWeek, 1),
            rule.isOverBudget ? <Proposal key="propose" rule={rule} /> : "",
          ],
          values: [
            [checkTexts(rule.check).name, rule.instance, rule.policyName].filter(Boolean).join(" · "),
            ...valuesOf(rule),
            rule.findingsAWeek,
          ],
        }))}
      />
    </Section>
  );
}

/** Opens the policy with suggested values in its draft, tried on the past. */
function Proposal({ rule: { check, instance, policyId } }: { rule: NoiseReport["rules"][number] }) {
  const words = useTexts().noise;
  if (!policyId) return <span className="dimmed">{words.noPolicy}</span>;
  const search = { check, instance: instance || undefined, propose: "1" };
  return (
    <Allowed to="policies:write">
      <Button
        size="compact-sm"
        variant="default"
        renderRoot={(props) => <Link to="/policies/$policyId" params={{ policyId }} search={search} {...props} />}
      >
        {words.propose}
      </Button>
    </Allowed>
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

const valuesOf = ({ findings, useful, noise, known, noisePercent }: Counts) => [findings, useful, noise, known, noisePercent];

function cellsOf({ findings, useful, noise, known, noisePercent }: Counts, format: ReturnType<typeof useSpeech>["format"]) {
  const numbers = [findings, useful, noise, known].map((one) => format.number(one));
  return [...numbers, noisePercent === null ? "–" : format.percent(noisePercent)];
}
