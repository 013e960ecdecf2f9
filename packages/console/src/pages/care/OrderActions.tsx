/** What can be done with an order: accept, report as done, decline, each with an answer that the customer reads. */
import type { RepairOrder } from "@hauswart/protocol/api/repair-orders.ts";
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./care.module.css";
import { touchedByCare } from "./touched.ts";

type Step = "accepted" | "done" | "declined";
const steps: Readonly<Record<RepairOrder["state"], readonly Step[]>> = {
  open: ["accepted", "done", "declined"],
  accepted: ["done", "declined"],
  done: [],
  declined: [],
};

export function OrderActions({ order }: { order: RepairOrder }) {
  const texts = useTexts();
  const [step, setStep] = useState<Step | null>(null);
  const labels: Readonly<Record<Step, string>> = { accepted: texts.care.accept, done: texts.care.finish, declined: texts.care.decline };
  if (steps[order.state].length === 0) return null;
  return (
    <Allowed to="findings:write">
      <div className={styles["buttons"]}>
        {steps[order.state].map((one, index) => (
          <Button key={one} variant={index === 0 ? "filled" : "default"} onClick={() => setStep(one)}>
            {labels[one]}
          </Button>
        ))}
      </div>
      {step && <StepDialog order={order} step={step} label={labels[step]} onClose={() => setStep(null)} />}
    </Allowed>
  );
}

function StepDialog({ order, step, label, onClose }: { order: RepairOrder; step: Step; label: string; onClose: () => void }) {
  const texts = useTexts();
  const [note, setNote] = useState("");
  const change = useChange("changeRepairOrder", {
    touches: touchedByCare,
    quiet: true,
    message: () => texts.care.changed[step],
    onDone: onClose,
  });
  return (
    <FormDialog
      title={`${label}: ${order.title}`}
      action={label}
      error={change.error}
      isPending={change.isPending}
      onSubmit={() => change.mutate({ params: { repairOrderId: order.repairOrderId }, body: { state: step, note: note.trim() } })}
      onClose={onClose}
    >
      <p className="dimmed">{[order.deviceName, order.customerName, order.orderedBy].filter(Boolean).join(" · ")}</p>
      <Textarea
        data-autofocus
        label={texts.care.answer}
        description={texts.care.answerHelp}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2_000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
