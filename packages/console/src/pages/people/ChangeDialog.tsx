/** Changes somebody's name, role and customers. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { isWhole, RightsFields, type Rights } from "./RightsFields.tsx";

export function ChangeDialog({ account, onClose }: { account: ItemOf<"listAccounts">; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState(account.name);
  const [rights, setRights] = useState<Rights>({ role: account.role, reach: account.reach });
  const entered = { name: name.trim(), ...rights };
  const changed = useChangedFields(entered);
  const change = useChange("changeAccount", {
    touches: ["listAccounts", "getAccount"],
    quiet: true,
    message: () => texts.users.changed,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={texts.users.changeTitle(account.name)}
      action={texts.shell.save}
      error={change.error}
      isPending={change.isPending}
      isIncomplete={name.trim() === "" || (changed.reach !== undefined && !isWhole(rights))}
      onSubmit={() => change.mutate({ params: { accountId: account.accountId }, body: changed })}
      onClose={onClose}
    >
      <TextInput label={texts.users.name} required maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <RightsFields rights={rights} onChange={setRights} />
    </FormDialog>
  );
}
