/** What was promised for today: words to customers, ordered repairs, and acknowledgements that end before midnight. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { useScope } from "../../app/customers.ts";
import { Ago } from "../../components/Ago.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { NotKnown } from "../../components/NotKnown.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import type { Overview } from "./OverviewPage.tsx";
import styles from "./OverviewPage.module.css";

const most = 10;

export function Promised({ overview }: { overview: Overview }) {
  const { texts, checkTexts } = useSpeech();
  const { until, total, findings } = overview.promised;
  return (
    <Section
      title={texts.answers.promised}
      actions={
        total > 0 && (
          <Link to="/findings" search={{ state: "acknowledged", until }}>
            {texts.answers.promisedAll} ({total})
          </Link>
        )
      }
    >
      <Care />
      {total === 0 ? (
        <p className="dimmed">{texts.answers.promisedNone}</p>
      ) : (
        <PlainTable
          label={texts.answers.promised}
          columns={[
            { header: texts.findings.what, wraps: true },
            { header: texts.findings.device, width: "27%", from: "sm" },
            { header: texts.findings.acknowledgedBy, width: "22%", from: "md" },
            { header: texts.answers.ends, width: "110px" },
          ]}
          rows={findings.slice(0, most).map((finding) => ({
            key: finding.findingId,
            cells: [
              <span key="what" className={styles["changed"]}>
                <StateShape state={finding.severity} />
                <span className={styles["what"]} data-where={finding.deviceName ?? finding.customerName}>
                  <Link to="/findings" search={{ finding: finding.findingId }} title={finding.acknowledgement?.note}>
                    {checkTexts(finding.check).title(finding)}
                  </Link>
                </span>
              </span>,
              finding.deviceName ?? finding.customerName,
              finding.acknowledgement?.by,
              <Ago key="ends" at={finding.acknowledgement?.until ?? null} short />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

/** What waits besides; nothing at all when nothing does, and what is not known with its reason. */
function Care() {
  const { texts } = useSpeech();
  const customerId = useScope();
  const due = useQuery(query("listDueContacts", { query: { customerId } }));
  const orders = useQuery(query("listRepairOrders", { query: { customerId, state: "open", limit: 500 } }));
  const overdue = due.data?.items.filter(({ isOverdue }) => isOverdue).length ?? 0;
  const contacts = due.data?.items.length ?? 0;
  const open = orders.data?.items.length ?? 0;
  const isUnknown = (due.error && !due.data) || (orders.error && !orders.data);
  if (contacts + open === 0 && !isUnknown) return null;
  return (
    <p className={styles["care"]}>
      {due.data ? null : <NotKnown what={texts.care.contacts} asked={due} />}
      {contacts > 0 && (
        <Link to="/contacts">
          <StateShape state={overdue > 0 ? "failure" : "warning"} />{" "}
          {texts.care.promisedContacts(contacts, overdue, due.data?.isCut ?? false)}
        </Link>
      )}
      {orders.data ? null : <NotKnown what={texts.care.orders} asked={orders} />}
      {open > 0 && (
        <Link to="/orders" search={{ state: "open" }}>
          <StateShape state="warning" /> {texts.care.openOrders(open, orders.data?.next !== null)}
        </Link>
      )}
    </p>
  );
}
