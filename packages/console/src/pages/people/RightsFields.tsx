/** Role and customers, as fields of a form. */
import type { Reach } from "@hauswart/protocol/api/models.ts";
import { roles, scopesOfRole, type Role } from "@hauswart/protocol/roles.ts";
import { MultiSelect, Radio, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { useCustomers } from "../../app/customers.ts";
import { useAccount } from "../../app/session.ts";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./people.module.css";

export interface Rights {
  readonly role: Role;
  readonly reach: Reach;
}

const everybody: Reach = { mode: "all", customerIds: [] };

/** Whoever may give rights could give themselves the rest, so no list of customers holds them. */
const canBeRestricted = (role: Role) => !scopesOfRole[role].includes("access:write");

/** Whether the choice can be sent: a list of customers needs somebody in it. */
export const isWhole = ({ reach }: Rights): boolean => reach.mode === "all" || reach.customerIds.length > 0;

/** Role with one line what it may do. Owners are made by owners. */
export function RightsFields({ rights, onChange }: { rights: Rights; onChange: (rights: Rights) => void }) {
  const texts = useTexts();
  const isOwner = useAccount()?.role === "owner";
  const choose = (chosen: string) => {
    const role = roles.find((one) => one === chosen) ?? rights.role;
    onChange({ role, reach: canBeRestricted(role) ? rights.reach : everybody });
  };
  return (
    <>
      <Radio.Group
        label={texts.users.role}
        description={isOwner ? undefined : texts.users.onlyOwnersMake}
        value={rights.role}
        onChange={choose}
      >
        <div className={styles["roles"]}>
          {roles.map((role) => (
            <Radio
              key={role}
              size="xs"
              value={role}
              label={texts.roles[role].name}
              description={texts.roles[role].may}
              disabled={role === "owner" && !isOwner}
            />
          ))}
        </div>
      </Radio.Group>
      {canBeRestricted(rights.role) ? (
        <ReachField reach={rights.reach} onChange={(reach) => onChange({ ...rights, reach })} />
      ) : (
        <p className="dimmed">{texts.customerReach.everywhere}</p>
      )}
    </>
  );
}

function ReachField({ reach, onChange }: { reach: Reach; onChange: (reach: Reach) => void }) {
  const texts = useTexts();
  const customers = useCustomers();
  const labelId = useId();
  const modes = { all: texts.customerReach.all, include: texts.customerReach.only, exclude: texts.customerReach.except };
  return (
    <div className={styles["reach"]}>
      <span className={styles["label"]} id={labelId}>
        {texts.customerReach.label}
      </span>
      <SegmentedControl
        aria-labelledby={labelId}
        fullWidth
        data={Object.entries(modes).map(([value, label]) => ({ value, label }))}
        value={reach.mode}
        onChange={(mode) => onChange({ mode: mode as Reach["mode"], customerIds: mode === "all" ? [] : reach.customerIds })}
      />
      {reach.mode !== "all" && (
        <MultiSelect
          label={modes[reach.mode]}
          description={reach.mode === "include" ? texts.customerReach.onlyHelp : texts.customerReach.exceptHelp}
          placeholder={reach.customerIds.length === 0 ? texts.customerReach.choose : ""}
          searchable
          clearable
          limit={100}
          nothingFoundMessage={texts.shell.nothingFound}
          data={(customers.data ?? []).map(({ customerId, name }) => ({ value: customerId, label: name }))}
          value={[...reach.customerIds]}
          onChange={(customerIds) => onChange({ ...reach, customerIds })}
        />
      )}
    </div>
  );
}
