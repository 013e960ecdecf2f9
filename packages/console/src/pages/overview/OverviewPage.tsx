/** The four questions: what is broken, what do we not know, what did we promise for today, what changed; and what the server says of itself. */
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { useAnswer } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Ago } from "../../components/Ago.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Stale } from "../../components/Page.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { useAccount } from "../../app/session.ts";
import { RoundSummary } from "../rounds/RoundSummary.tsx";
import { overviewQuery } from "./ask-ahead.ts";
import { Guide } from "./Guide.tsx";
import { Broken, Changed, Server, Unknown } from "./parts.tsx";
import { Promised } from "./Promised.tsx";
import { StateBar } from "./StateBar.tsx";
import { useVisit } from "./visit.ts";
import styles from "./OverviewPage.module.css";

const NoDevices = lazy(() => import("../enrol/NoDevices.tsx"));

export type Overview = ResponseOf<"getOverview">;

export function OverviewPage() {
  const texts = useTexts();
  const customerId = useScope();
  const visit = useVisit(useAccount()?.accountId ?? "");
  const { data, error, isStale, retry } = useAnswer("getOverview", overviewQuery(customerId, visit.sinceMs), { refetchInterval: 60_000 });
  const at = data && (
    <span className="dimmed">
      {texts.overview.asOf} <Ago at={data.at} />
    </span>
  );
  return (
    <Page title={texts.overview.title} actions={at}>
      <Guide />
      {!data && (error ? <ErrorNote error={error} onRetry={retry} /> : <Loading />)}
      {data?.devices.total === 0 && (
        <Suspense>
          <NoDevices />
        </Suspense>
      )}
      {data && data.devices.total > 0 && (
        <Stale isStale={isStale}>
          <Answers overview={data} visit={visit} />
        </Stale>
      )}
      {data?.devices.total === 0 && (
        <div className={styles["columns"]}>
          <Server overview={data} />
        </div>
      )}
    </Page>
  );
}

function Answers({ overview, visit }: { overview: Overview; visit: ReturnType<typeof useVisit> }) {
  const texts = useTexts();
  const { total, measured, notMeasured, present } = overview.devices;
  return (
    <>
      <p className={styles["sum"]}>
        <strong>{texts.overview.measured(measured, total)}</strong>
        {", "}
        {notMeasured > 0 ? (
          <Link to="/devices" search={{ show: "not-measured" }} className={styles["missing"]}>
            {texts.overview.notMeasured(notMeasured)}
          </Link>
        ) : (
          texts.overview.notMeasured(0)
        )}
        <span className="dimmed">
          {" · "}
          {texts.overview.present(present)}
        </span>
      </p>
      <StateBar counts={overview.devices.byState} />
      <div className={styles["columns"]}>
        <div className={styles["first"]}>
          <Broken overview={overview} />
          <Promised overview={overview} />
          <RoundSummary customerId={useScope()} days={2} />
        </div>
        <div className={styles["second"]}>
          <Unknown overview={overview} />
          <Server overview={overview} />
        </div>
        <div className={styles["third"]}>
          <Changed overview={overview} visit={visit} />
        </div>
      </div>
    </>
  );
}
