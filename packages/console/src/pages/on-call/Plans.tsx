/** Who is told next when nobody acknowledges. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { useCustomers } from "../../app/customers.ts";
import { Confirm } from "../../components/Confirm.tsx";
import { Empty } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { CsvTable } from "../../components/table/CsvTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./on-call.module.css";
import { usePeople } from "./people.ts";
import { EditPlanDialog, PlanDialog } from "./PlanDialog.tsx";
import { planTouches } from "./touches.ts";

type Plan = ItemOf<"listEscalationPlans">;
type Rotas = readonly ItemOf<"listRotas">[];

export function Plans({ rotas }: { rotas: Rotas }) {
  const { routing } = useTexts();
  const { data } = useQuery({ ...query("listEscalationPlans"), retry: false });
  const [isAdding, setAdding] = useState(false);
  if (!data) return null;
  const add = (
    <Allowed to="settings:write">
      <Button variant="default" onClick={() => setAdding(true)}>
        {routing.addPlan}
      </Button>
    </Allowed>
  );
  return (
    <Section title={routing.plans} actions={data.items.length > 0 && add}>
      {data.items.length === 0 ? (
        <Empty title={routing.noPlan} action={add}>
          {routing.noPlanHelp}
        </Empty>
      ) : (
        <PlanTable plans={data.items} rotas={rotas} />
      )}
      {isAdding && <PlanDialog rotas={rotas} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function PlanTable({ plans, rotas }: { plans: readonly Plan[]; rotas: Rotas }) {
  const { routing, recipients } = useTexts();
  const people = usePeople();
  const customers = useCustomers();
  const target = ({ to }: Plan["steps"][number]) => {
    if (to.kind === "owners") return routing.owners;
    if (to.kind === "account") return people.find(({ accountId }) => accountId === to.accountId)?.name ?? "–";
    const rota = rotas.find(({ rotaId }) => rotaId === to.rotaId);
    return [rota?.name, rota?.layers[to.layer]?.name].filter(Boolean).join(", ");
  };
  const steps = (plan: Plan) => plan.steps.map((step) => `${target(step)} (${routing.stepAfter(step.afterMinutes)})`).join(" → ");
  const about = ({ customerId, fromSeverity, hours }: Plan) =>
    [
      customerId === null ? recipients.scopeAll : (customers.data ?? []).find((one) => one.customerId === customerId)?.name,
      recipients.fromSeverity[fromSeverity],
      hours === "always" ? undefined : routing.hoursNames[hours],
    ]
      .filter(Boolean)
      .join(", ");
  return (
    <CsvTable
      id="escalation"
      label={routing.plans}
      stacks
      columns={[
        { header: routing.rotaName, width: "22%", wraps: true },
        { header: recipients.from, width: "24%", wraps: true, from: "md" },
        { header: routing.who, wraps: true },
        { header: recipients.remove, width: "clamp(92px, 15vw, 180px)", align: "end", wraps: true, isHeaderHidden: true },
      ]}
      rows={plans.map((plan) => ({
        key: plan.planId,
        cells: [plan.name, about(plan), steps(plan), <PlanActions key="actions" plan={plan} rotas={rotas} />],
        values: [plan.name, about(plan), steps(plan)],
      }))}
    />
  );
}

function PlanActions({ plan, rotas }: { plan: Plan; rotas: Rotas }) {
  const { shell, routing, recipients } = useTexts();
  const [dialog, setDialog] = useState<"edit" | "remove" | null>(null);
  const close = () => setDialog(null);
  const remove = useChange("deleteEscalationPlan", { touches: planTouches, message: () => routing.planRemoved, onDone: close });
  return (
    <Allowed to="settings:write" of={plan.customerId}>
      <span className={styles["actions"]}>
        <Button size="compact-xs" variant="subtle" aria-label={shell.editOf(plan.name)} onClick={() => setDialog("edit")}>
          {shell.edit}
        </Button>
        <Button size="compact-xs" variant="subtle" aria-label={recipients.removeOf(plan.name)} onClick={() => setDialog("remove")}>
          {recipients.remove}
        </Button>
      </span>
      {dialog === "edit" && <EditPlanDialog plan={plan} rotas={rotas} onClose={close} />}
      {dialog === "remove" && (
        <Confirm
          title={routing.removePlanTitle(plan.name)}
          action={recipients.remove}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params: { planId: plan.planId } })}
          onClose={close}
        >
          <p>{routing.removePlanText}</p>
        </Confirm>
      )}
    </Allowed>
  );
}
