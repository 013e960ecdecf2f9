/** Taking a customer's data along, and erasing them. */
import type { Customer } from "@hauswart/protocol/api/models.ts";
import { Button, Group, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Section } from "../../components/Page.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";

const pollMs = 2_000;

export function CustomerData({ customer }: { customer: Customer }) {
  const { texts, format } = useSpeech();
  const [isErasing, setErasing] = useState(false);
  const erasures = useQuery({
    ...query("listErasures", { query: { limit: 100 } }),
    refetchInterval: ({ state }) => (state.data?.items.some(({ finishedAt }) => finishedAt === null) ? pollMs : false),
  });
  const take = useChange("checkProof", { touches: [], onDone: () => download(`/api/v1/customers/${customer.customerId}/export`) });
  const own = erasures.data?.items.find(({ customerId }) => customerId === customer.customerId);
  // Whoever may not erase is not shown how.
  if (erasures.error || !erasures.data) return null;
  return (
    <Section title={texts.customers.data} note={texts.customers.dataNote}>
      {own ? (
        <p role="status">
          {own.finishedAt
            ? texts.customers.erased
            : texts.customers.erasing(format.percent(own.stepsTotal === 0 ? 0 : Math.floor((own.stepsDone * 100) / own.stepsTotal)))}
          {own.lastError && ` ${texts.customers.eraseTrouble(own.lastError)}`}
        </p>
      ) : (
        <Group gap={8}>
          <Button variant="default" loading={take.isPending} onClick={() => take.mutate({})}>
            {texts.customers.export}
          </Button>
          <Button variant="default" onClick={() => setErasing(true)}>
            {texts.customers.erase}
          </Button>
        </Group>
      )}
      {isErasing && <EraseDialog customer={customer} onClose={() => setErasing(false)} />}
    </Section>
  );
}

/** Lets the browser load a file, however large, without leaving the page. */
function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}

function EraseDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState("");
  const erase = useChange("eraseCustomer", {
    touches: ["listErasures", "listDevices", "listCustomers", "getOverview"],
    quiet: true,
    message: () => texts.customers.eraseBegun,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.customers.eraseTitle(customer.name)}
      action={texts.customers.eraseAction}
      error={erase.error}
      isPending={erase.isPending}
      isIncomplete={name.trim() !== customer.name}
      onSubmit={() => erase.mutate({ params: { customerId: customer.customerId }, body: { name } })}
      onClose={onClose}
    >
      <p>{texts.customers.eraseLead(texts.customers.deviceCount(customer.deviceCount))}</p>
      <TextInput
        label={texts.customers.eraseConfirm(customer.name)}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
    </FormDialog>
  );
}
