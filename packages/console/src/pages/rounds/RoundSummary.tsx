/** How the rounds of the last working days went, in one line each; a working day without records never looks like done. */
import type { Round, RoundDay } from "@hauswart/protocol/api/rounds.ts";
import type { z } from "zod";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { NotKnown } from "../../components/NotKnown.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";

type Day = z.infer<typeof RoundDay>;

/** @param days how many of the last working days. */
export function RoundSummary({ customerId, days }: { customerId: string | undefined; days: number }) {
  const { texts } = useSpeech();
  const asked = useQuery({ ...query("getRounds", { query: { customerId } }), refetchInterval: 60_000 });
  if (asked.error && !asked.data)
    return (
      <Section title={texts.rounds.heading}>
        <p>
          <NotKnown what={texts.rounds.heading} asked={asked} />
        </p>
      </Section>
    );
  return (asked.data?.rounds ?? []).map((round) => <OneRound key={round.check} round={round} customerId={customerId} days={days} />);
}

function OneRound({ round, customerId, days }: { round: Round; customerId: string | undefined; days: number }) {
  const { texts, checkTexts } = useSpeech();
  const title = texts.rounds.title(checkTexts(round.check).name, round.localTime);
  return (
    <Section
      title={title}
      actions={
        <Link to="/rounds/$check" params={{ check: round.check }} search={{ customer: customerId }}>
          {texts.rounds.records}
        </Link>
      }
    >
      {round.days.length === 0 ? (
        <p className="dimmed">{texts.rounds.noDays}</p>
      ) : (
        <Days round={round} days={days} label={title} customerId={customerId} />
      )}
    </Section>
  );
}

function Days({ round, days, label, customerId }: { round: Round; days: number; label: string; customerId: string | undefined }) {
  const { texts, writeDay } = useSpeech();
  return (
    <PlainTable
      label={label}
      columns={[
        { header: texts.rounds.day, width: "100px" },
        { header: texts.rounds.state, wraps: true },
      ]}
      rows={round.days.slice(0, days).map((day) => ({
        key: day.day,
        cells: [
          <Link key="day" to="/rounds/$check" params={{ check: round.check }} search={{ customer: customerId, from: day.day, to: day.day }}>
            {writeDay.short(day.day)}
          </Link>,
          <DayState key="state" day={day} localTime={round.localTime} />,
        ],
      }))}
    />
  );
}

function DayState({ day, localTime }: { day: Day; localTime: string }) {
  const { rounds: texts } = useSpeech().texts;
  if (day.devices === 0)
    return day.isDue ? (
      <StateMark state="unknown" wraps>
        {texts.noRecord}
      </StateMark>
    ) : (
      <span className="dimmed">{texts.notDueYet(localTime)}</span>
    );
  const bad = day.warning + day.failure;
  const state = day.failure > 0 ? "failure" : day.warning > 0 ? "warning" : day.done < day.devices ? "unknown" : "ok";
  const parts = [
    texts.summary(day.done, day.devices),
    ...(bad > 0 ? [texts.bad(bad)] : []),
    ...(day.waiting > 0 ? [texts.waiting(day.waiting)] : []),
    ...(day.notMeasurable > 0 ? [texts.notMeasurable(day.notMeasurable)] : []),
    ...(day.late > 0 ? [texts.late(day.late)] : []),
  ];
  return (
    <StateMark state={state} wraps>
      {parts.join(", ")}
    </StateMark>
  );
}
