/** Step 2: the first customer, and the site at which the computers stand. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./first-steps.module.css";
import type { StepProps } from "./FirstStepsPage.tsx";

export function CustomerStep({ steps, onNext }: StepProps) {
  const { texts, language } = useSpeech();
  const client = useQueryClient();
  const known = steps.customer;
  const [name, setName] = useState("");
  const [site, setSite] = useState(texts.firstSteps.customer.siteDefault);
  const save = useMutation({
    mutationFn: async () => {
      // A customer whose site could not be made stays; the next attempt makes only the site.
      const customerId = known.customerId ?? (await api("createCustomer", { body: { name: name.trim(), language } })).customerId;
      await api("createSite", { body: { customerId, name: site.trim() } });
    },
    onSettled: () =>
      Promise.all(
        (["listCustomers", "listSites", "getFirstSteps"] as const).map((touched) => client.invalidateQueries({ queryKey: [touched] })),
      ),
    onSuccess: onNext,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  if (known.isDone) return <p>{texts.firstSteps.customer.is(known.customerName, known.siteName)}</p>;
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <p>{texts.firstSteps.customer.lead}</p>
      {known.customerId === null ? (
        <TextInput
          label={texts.firstSteps.customer.name}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      ) : (
        <p>{texts.firstSteps.customer.needsSite(known.customerName)}</p>
      )}
      <TextInput
        label={texts.firstSteps.customer.site}
        required
        maxLength={200}
        value={site}
        onChange={(event) => setSite(event.currentTarget.value)}
      />
      {save.error && <ErrorNote error={save.error} />}
      <div>
        <Button type="submit" loading={save.isPending} disabled={site.trim() === "" || (known.customerId === null && name.trim() === "")}>
          {texts.firstSteps.customer.save}
        </Button>
      </div>
    </form>
  );
}
