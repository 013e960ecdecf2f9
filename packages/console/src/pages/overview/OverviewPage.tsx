/** The four questions: what is broken, what do we not know, what did we promise for today, what changed; and what the server says of itself. */
import { Button } from "@mantine/core";
import { useQuery, keepPreviousData } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { query } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Ago } from "../../components/Ago.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { useAccount } from "../../app/session.ts";
import { RoundSummary } from "../rounds/RoundSummary.tsx";
import { Guide } from "./Guide.tsx";
import { Broken, Changed, Server, Unknown } from "./parts.tsx";
import { Promised } from "./Promised.tsx";
import { StateBar } from "./StateBar.tsx";
import { useVisit } from "./visit.ts";
import styles from "./OverviewPage.module.css";

export type Overview = ResponseOf<"getOverview">;

export function OverviewPage() {
  const texts = useTexts();
  const customerId = useScope();
  const visit = useVisit(useAccount()?.accountId ?? "");
  const since = new Date(visit.sinceMs).toISOString();
  const { data, error, refetch } = useQuery({
    ...query("getOverview", { query: { customerId, since } }),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });
  const at = data && (
    <span className="dimmed">
      {texts.overview.asOf} <Ago at={data.at} />
    </span>
  );
  return (
    <Page title={texts.overview.title} actions={at}>
      <Guide />
      {!data && (error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />)}
      {data?.devices.total === 0 && (
        <Empty
          title={texts.overview.start}
          action={
            <Button renderRoot={(props) => <Link to="." search={(before) => ({ ...before, enrol: "1" })} {...props} />}>
              {texts.shell.enrol}
            </Button>
          }
        >
          {texts.overview.startHelp}
        </Empty>
      )}
      {data && data.devices.total > 0 && <Answers overview={data} visit={visit} />}
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
