/** Where the device belongs and what it is; then a token is made. */
import { Button, NumberInput, SegmentedControl, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./enrol.module.css";
import type { Token } from "./EnrolDialog.tsx";
import { PlaceFields, usePlace } from "./place.tsx";

const roles = ["workstation", "server"] as const;
const validities = ["1", "24", "168"] as const;

export function TokenForm({ onToken, onClose }: { onToken: (token: Token) => void; onClose: () => void }) {
  const { texts } = useSpeech();
  const client = useQueryClient();
  const place = usePlace();
  const [role, setRole] = useState<(typeof roles)[number]>("workstation");
  const [uses, setUses] = useState<number>(1);
  const [validHours, setValidHours] = useState("24");

  const create = useMutation({
    mutationFn: async () => {
      const siteId = await place.make();
      return api("createEnrolmentToken", { body: { siteId, role, uses, validHours: Number(validHours) } });
    },
    onSuccess: (token) => {
      void client.invalidateQueries({ queryKey: ["listEnrolmentTokens"] });
      onToken(token);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <PlaceFields place={place} />
      <div className={styles["choice"]}>
        <span className={styles["label"]} id="enrol-role">
          {texts.enrol.role}
        </span>
        <SegmentedControl
          aria-labelledby="enrol-role"
          data={roles.map((one) => ({ value: one, label: texts.enrol.roles[one] }))}
          value={role}
          onChange={(chosen) => setRole(roles.find((one) => one === chosen) ?? role)}
        />
        <span className="dimmed">{texts.enrol.roleHelp}</span>
      </div>
      <div className={styles["pair"]}>
        <NumberInput
          label={texts.enrol.uses}
          min={1}
          max={10_000}
          allowDecimal={false}
          value={uses}
          onChange={(value) => setUses(Number(value) || 1)}
        />
        <Select
          label={texts.enrol.validHours}
          allowDeselect={false}
          data={validities.map((hours) => ({ value: hours, label: texts.enrol.validFor[hours] }))}
          value={validHours}
          onChange={(hours) => setValidHours(hours ?? validHours)}
        />
      </div>
      {create.error && <ErrorNote error={create.error} />}
      <div className={styles["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {texts.shell.cancel}
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!place.isComplete}>
          {texts.enrol.create}
        </Button>
      </div>
    </form>
  );
}
