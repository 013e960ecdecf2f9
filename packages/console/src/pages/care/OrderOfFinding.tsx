/** The repair that a customer ordered for a finding, where the finding is worked on. */
import { useQuery } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./care.module.css";
import { OrderActions } from "./OrderActions.tsx";
import { OrderFacts } from "./OrderFacts.tsx";

export function OrderOfFinding({ findingId }: { findingId: string }) {
  const texts = useTexts();
  const { data } = useQuery(query("listRepairOrders", { query: { findingId } }));
  const order = data?.items[0];
  if (!order) return null;
  return (
    <section className={styles["order"]} aria-label={texts.findings.events.ordered}>
      <h3>{texts.findings.events.ordered}</h3>
      <OrderFacts order={order} />
      <OrderActions order={order} />
    </section>
  );
}
