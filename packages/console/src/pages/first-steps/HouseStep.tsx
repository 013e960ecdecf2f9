/** Step 1: what the house is called, and from which address it writes. */
import { Button, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./first-steps.module.css";
import type { StepProps } from "./FirstStepsPage.tsx";

/** What a first start writes there until somebody decides. */
const unnamed = "Hauswart";
const nowhere = /@localhost>?\s*$/i;

export function HouseStep({ steps, onNext }: StepProps) {
  const texts = useTexts();
  const [name, setName] = useState(steps.house.name === unnamed ? "" : steps.house.name);
  const [mailFrom, setMailFrom] = useState(nowhere.test(steps.house.mailFrom) ? "" : steps.house.mailFrom);
  const save = useChange("changeSettings", { touches: ["getSettings", "getFirstSteps"], quiet: true, onDone: onNext });
  const entered = { name: name.trim(), mailFrom: mailFrom.trim() };
  const changes = useChangedFields(entered);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (Object.keys(changes).length === 0) onNext();
    else save.mutate({ body: changes });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <p>{texts.firstSteps.house.lead}</p>
      <TextInput
        label={texts.firstSteps.house.name}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={texts.firstSteps.house.mailFrom}
        description={texts.firstSteps.house.mailFromHelp}
        required
        maxLength={320}
        value={mailFrom}
        onChange={(event) => setMailFrom(event.currentTarget.value)}
      />
      {save.error && <ErrorNote error={save.error} />}
      <div>
        <Button type="submit" loading={save.isPending} disabled={entered.name === "" || !mailFrom.includes("@")}>
          {texts.firstSteps.house.save}
        </Button>
      </div>
    </form>
  );
}
