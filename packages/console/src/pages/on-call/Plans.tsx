/** Who is told next when nobody acknowledges. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { usePeople } from "./people.ts";

type Plan = ItemOf<"listEscalationPlans">;

export function Plans({ rotas }: { rotas: readonly ItemOf<"listRotas">[] }) {
  const { routing, recipients } = useTexts();
  const { data } = useQuery({ ...query("listEscalationPlans"), retry: false });
  const people = usePeople();
  const remove = useChange("deleteEscalationPlan", { touches: ["listEscalationPlans", "previewRouting"] });
  if (!data || data.items.length === 0) return null;
  const target = ({ to }: Plan["steps"][number]) => {
    if (to.kind === "owners") return routing.owners;
    if (to.kind === "account") return people.find(({ accountId }) => accountId === to.accountId)?.name ?? "–";
    const rota = rotas.find(({ rotaId }) => rotaId === to.rotaId);
    return [rota?.name, rota?.layers[to.layer]?.name].filter(Boolean).join(", ");
  };
  const steps = (plan: Plan) => plan.steps.map((step) => `${target(step)} (${routing.stepAfter(step.afterMinutes)})`).join(" → ");
  return (
    <Section title={routing.plans}>
      <PlainTable
        label={routing.plans}
        columns={[
          { header: routing.rotaName, width: "180px" },
          { header: recipients.from, width: "190px", from: "md" },
          { header: routing.who, wraps: true },
          { header: recipients.remove, width: "110px", align: "end", isHeaderHidden: true },
        ]}
        rows={data.items.map((plan) => ({
          key: plan.planId,
          cells: [
            plan.name,
            recipients.fromSeverity[plan.fromSeverity],
            steps(plan),
            <Allowed key="remove" to="settings:write">
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={recipients.removeOf(plan.name)}
                onClick={() => remove.mutate({ params: { planId: plan.planId } })}
              >
                {recipients.remove}
              </Button>
            </Allowed>,
          ],
        }))}
      />
    </Section>
  );
}
