/** Makes an escalation plan, or changes one: for what, when, and who is told one after the other. */
import type { EscalationPlan, Rota } from "@hauswart/protocol/api/routing.ts";
import { topics } from "@hauswart/protocol/topics.ts";
import { Button, MultiSelect, NumberInput, Select } from "@mantine/core";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { useChange } from "../../api/change.ts";
import { OwnerSelect } from "../../components/OwnerSelect.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { MetNote } from "../../components/revision/MetNote.tsx";
import { useRevised } from "../../components/revision/use-revised.ts";
import { useTexts } from "../../texts/texts.tsx";
import { HoursSelect, NameField } from "./fields.tsx";
import styles from "./on-call.module.css";
import { PassedOverNote } from "./PassedOverNote.tsx";
import { usePeople } from "./people.ts";
import { emptyPlan, mostSteps, planDraft, planFrom, targetKey, type PlanDraft } from "./plan-draft.ts";
import { planTouches } from "./touches.ts";

interface Props {
  readonly rotas: readonly Rota[];
  readonly onClose: () => void;
}

const isWhole = ({ name, steps }: PlanDraft) => name.trim() !== "" && steps.length > 0;

export function PlanDialog({ rotas, onClose }: Props) {
  const { routing } = useTexts();
  const [draft, setDraft] = useState(() => emptyPlan(rotas[0]));
  const create = useChange("createEscalationPlan", { touches: planTouches, quiet: true, message: () => routing.planMade, onDone: onClose });
  return (
    <FormDialog
      title={routing.addPlan}
      action={routing.addPlan}
      error={create.error}
      isPending={create.isPending}
      isIncomplete={!isWhole(draft)}
      isWide
      onSubmit={() => create.mutate({ body: planFrom(draft) })}
      onClose={onClose}
    >
      <PlanFields draft={draft} rotas={rotas} set={(change) => setDraft((before) => ({ ...before, ...change }))} />
    </FormDialog>
  );
}

export function EditPlanDialog({ plan, rotas, onClose }: Props & { plan: EscalationPlan }) {
  const { shell, routing, recipients } = useTexts();
  const { planId } = plan;
  const revised = useRevised({
    item: plan,
    draftOf: planDraft,
    latest: async () => (await api("listEscalationPlans")).items.find((one) => one.planId === planId),
  });
  const { base, draft, set, changes } = revised;
  const save = useChange("changeEscalationPlan", { touches: planTouches, quiet: true, message: () => routing.planMade, onDone: onClose });
  return (
    <FormDialog
      title={shell.editOf(plan.name)}
      action={shell.save}
      error={save.error}
      isPending={save.isPending}
      isIncomplete={!isWhole(draft) || Object.keys(changes).length === 0}
      isWide
      onSubmit={() => save.mutate({ params: { planId }, body: { ...planFrom(draft), revision: base.revision } }, revised.orMeet(save))}
      onClose={onClose}
    >
      <PlanFields draft={draft} rotas={rotas} set={set} />
      <p className="dimmed">{routing.planChangeHelp}</p>
      <MetNote
        revised={revised}
        labels={{
          name: routing.rotaName,
          customerId: recipients.customer,
          fromSeverity: recipients.from,
          topics: routing.topics,
          hours: routing.hours,
          steps: routing.steps,
          repeats: routing.repeats,
        }}
      />
    </FormDialog>
  );
}

interface FieldsProps {
  readonly draft: PlanDraft;
  readonly rotas: readonly Rota[];
  readonly set: (change: Partial<PlanDraft>) => void;
}

function PlanFields({ draft, rotas, set }: FieldsProps) {
  const { routing, recipients } = useTexts();
  return (
    <>
      <div className={styles["pair"]}>
        <NameField value={draft.name} set={(name) => set({ name })} isFirst />
        <OwnerSelect
          to="settings:write"
          label={recipients.customer}
          all={recipients.scopeAll}
          value={draft.customerId}
          onChange={(customerId) => set({ customerId })}
        />
        <Select
          label={recipients.from}
          allowDeselect={false}
          data={(["warning", "failure"] as const).map((one) => ({ value: one, label: recipients.fromSeverity[one] }))}
          value={draft.fromSeverity}
          onChange={(chosen) => set({ fromSeverity: chosen ?? draft.fromSeverity })}
        />
        <HoursSelect value={draft.hours} set={(hours) => set({ hours })} />
      </div>
      <MultiSelect
        label={routing.topics}
        placeholder={draft.topics.length === 0 ? routing.topicsPlaceholder : ""}
        clearable
        data={topics.map((one) => ({ value: one, label: routing.topicNames[one] }))}
        value={[...draft.topics]}
        onChange={(chosen) => set({ topics: topics.filter((one) => chosen.includes(one)) })}
      />
      <StepFields draft={draft} rotas={rotas} set={set} />
      <NumberInput
        label={routing.repeats}
        description={routing.repeatsHelp}
        min={0}
        max={10}
        value={draft.repeats}
        onChange={(value) => set({ repeats: Math.min(10, Math.max(0, Math.round(Number(value)) || 0)) })}
      />
    </>
  );
}

const personKey = (accountId: string) => targetKey({ kind: "account", accountId });

function StepFields({ draft: { steps, customerId }, rotas, set }: FieldsProps) {
  const { routing } = useTexts();
  const people = usePeople();
  const targets = [
    ...rotas.flatMap(({ rotaId, name, layers }) =>
      layers.map((layer, index) => ({ value: targetKey({ kind: "rota", rotaId, layer: index }), label: `${name}, ${layer.name}` })),
    ),
    { value: "owners", label: routing.owners },
    ...people.map(({ accountId, name }) => ({ value: personKey(accountId), label: name })),
  ];
  const change = (index: number, said: Partial<PlanDraft["steps"][number]>) =>
    set({ steps: steps.map((step, at) => (at === index ? { ...step, ...said } : step)) });
  return (
    <fieldset className={styles["fieldset"]}>
      <legend>{routing.steps}</legend>
      {steps.map((step, index) => (
        <div key={index} className={styles["step"]}>
          <Select
            label={routing.step(index + 1)}
            allowDeselect={false}
            searchable
            data={targets}
            value={step.to}
            onChange={(chosen) => change(index, { to: chosen ?? step.to })}
          />
          <NumberInput
            label={routing.stepMinutes(index)}
            min={0}
            max={1_440}
            value={step.afterMinutes}
            onChange={(value) => change(index, { afterMinutes: Math.min(1_440, Math.max(0, Math.round(Number(value)) || 0)) })}
          />
          <Button
            variant="subtle"
            disabled={steps.length === 1}
            aria-label={routing.removeStep(index + 1)}
            onClick={() => set({ steps: steps.filter((_, at) => at !== index) })}
          >
            <Trash2 size={15} aria-hidden />
          </Button>
        </div>
      ))}
      <PassedOverNote
        accountIds={people.map(({ accountId }) => accountId).filter((accountId) => steps.some(({ to }) => to === personKey(accountId)))}
        customerId={customerId}
      />
      {steps.length < mostSteps && (
        <div className={styles["steps"]}>
          <Button variant="default" onClick={() => set({ steps: [...steps, { afterMinutes: 15, to: "owners" }] })}>
            {routing.addStep}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
