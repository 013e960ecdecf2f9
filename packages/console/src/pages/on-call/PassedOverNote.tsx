/** Says of chosen people that they are passed over for some customers or all, because their rights do not suffice. */
import { scopesOfRole } from "@hauswart/protocol/roles.ts";
import { StateShape } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { useReachWords } from "../people/reach-words.ts";
import { usePeople } from "./people.ts";

interface Props {
  readonly accountIds: readonly string[];
  /** For whose findings they would be called; null: everybody's. */
  readonly customerId: string | null;
}

export function PassedOverNote({ accountIds, customerId }: Props) {
  const { routing } = useTexts();
  const reachWords = useReachWords();
  const notes = usePeople()
    .filter((person) => accountIds.includes(person.accountId))
    .flatMap(({ accountId, name, role, reach: { mode, customerIds } }) => {
      if (!scopesOfRole[role].includes("findings:write")) return [{ accountId, text: routing.mayNotTakeOn(name) }];
      const isMeant = customerId !== null && customerIds.includes(customerId) === (mode === "include");
      return mode === "all" || isMeant ? [] : [{ accountId, text: routing.reachesOnly(name, reachWords({ mode, customerIds })) }];
    });
  return notes.map(({ accountId, text }) => (
    <p key={accountId} role="status">
      <StateShape state="warning" /> {text}
    </p>
  ));
}
