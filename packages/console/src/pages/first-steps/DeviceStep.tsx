/** Step 4: the first computer of the first customer, from the command to its arrival. */
import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { Arrival } from "../enrol/Arrival.tsx";
import type { Token } from "../enrol/EnrolDialog.tsx";
import styles from "./first-steps.module.css";
import type { StepProps } from "./FirstStepsPage.tsx";

const roles = ["workstation", "server"] as const;

export function DeviceStep({ steps, onStay, onNext }: StepProps) {
  const texts = useTexts();
  const { siteId, customerName, siteName } = steps.customer;
  const [role, setRole] = useState<(typeof roles)[number]>("workstation");
  const [token, setToken] = useState<Token>();
  const create = useChange("createEnrolmentToken", {
    touches: ["listEnrolmentTokens"],
    quiet: true,
    onDone: (made) => {
      onStay();
      setToken(made);
    },
  });
  if (siteId === null) return <p className="dimmed">{texts.firstSteps.next(texts.firstSteps.steps.customer)}</p>;
  if (token) return <Arrival token={token} onAnother={() => setToken(undefined)} onClose={onNext} />;
  return (
    <div className={styles["form"]}>
      <p>{texts.firstSteps.device.lead(customerName, siteName)}</p>
      <SegmentedControl
        aria-label={texts.enrol.role}
        data={roles.map((one) => ({ value: one, label: texts.enrol.roles[one] }))}
        value={role}
        onChange={(chosen) => setRole(roles.find((one) => one === chosen) ?? role)}
      />
      {create.error && <ErrorNote error={create.error} />}
      <div>
        <Button loading={create.isPending} onClick={() => create.mutate({ body: { siteId, role } })}>
          {texts.firstSteps.device.make}
        </Button>
      </div>
    </div>
  );
}
