/** For which customer something is meant: for all of them only where the reader may say so. */
import { Select } from "@mantine/core";
import { useCustomers } from "../app/customers.ts";
import { useMay, type Right } from "../app/session.ts";
import { useTexts } from "../texts/texts.tsx";

interface Props {
  readonly to: Right;
  readonly label: string;
  /** In words: that it is meant for all. */
  readonly all: string;
  /** null: for all. */
  readonly value: string | null;
  readonly onChange: (customerId: string | null) => void;
}

export function OwnerSelect({ to, label, all, value, onChange }: Props) {
  const texts = useTexts();
  const customers = useCustomers();
  const mayAll = useMay(to, null);
  return (
    <Select
      label={label}
      placeholder={mayAll ? all : texts.enrol.chooseCustomer}
      required={!mayAll}
      clearable={mayAll}
      allowDeselect={mayAll}
      searchable
      limit={100}
      data={(customers.data ?? []).map((customer) => ({ value: customer.customerId, label: customer.name }))}
      value={value}
      onChange={onChange}
    />
  );
}
