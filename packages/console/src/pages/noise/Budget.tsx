/** How much noise the house bears, and the dialog to change it. */
import type { NoiseBudget } from "@hauswart/protocol/api/noise-budget.ts";
import { Button, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useSpeech } from "../../texts/texts.tsx";

export function Budget({ budget }: { budget: NoiseBudget }) {
  const { texts, format } = useSpeech();
  const words = texts.noise;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <p>
      {words.budgetIs(format.percent(budget.noisePercent), format.number(budget.leastAWeek, 1), format.number(budget.mostAWeek, 1))}{" "}
      <Allowed to="settings:write" of={null}>
        <Button size="compact-sm" variant="default" onClick={() => setIsOpen(true)}>
          {words.budgetChange}
        </Button>
      </Allowed>
      {isOpen && <BudgetDialog budget={budget} onClose={() => setIsOpen(false)} />}
    </p>
  );
}

const fields = [
  { name: "noisePercent", min: 0, max: 100 },
  { name: "leastAWeek", min: 0, max: 10_000 },
  { name: "mostAWeek", min: 1, max: 100_000 },
] as const;

function BudgetDialog({ budget, onClose }: { budget: NoiseBudget; onClose: () => void }) {
  const { texts, language } = useSpeech();
  const words = texts.noise;
  const [draft, setDraft] = useState(budget);
  const save = useChange("changeSettings", {
    touches: ["getNoise", "getSettings"],
    quiet: true,
    message: () => words.budgetSaved,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={words.budgetTitle}
      action={texts.policies.save}
      error={save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate({ body: { noiseBudget: draft } })}
      onClose={onClose}
    >
      <p className="dimmed">{words.budgetHelp}</p>
      {fields.map(({ name, min, max }, index) => (
        <NumberInput
          key={name}
          data-autofocus={index === 0 || undefined}
          label={words.budgetFields[name]}
          description={words.budgetUnits[name]}
          decimalSeparator={language === "de" ? "," : "."}
          decimalScale={1}
          min={min}
          max={max}
          styles={{ wrapper: { maxWidth: 160 } }}
          value={draft[name]}
          onChange={(value) => typeof value === "number" && setDraft({ ...draft, [name]: value })}
        />
      ))}
    </FormDialog>
  );
}
