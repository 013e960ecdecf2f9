/** Somebody else saved first: shows where both sides differ, and brings them together. */
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import { Button, Radio } from "@mantine/core";
import { useMemo, useState } from "react";
import { Ago } from "../../components/Ago.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { conflictsOf, draftOf, placeKey, type Draft } from "./draft.ts";
import styles from "./policies.module.css";
import { scopeNames, usePlaceWords } from "./words.ts";

interface Props {
  readonly base: Draft;
  readonly mine: Draft;
  readonly theirs: Policy;
  readonly names: ReadonlyMap<string, string>;
  readonly onTake: (takeTheirs: ReadonlySet<string>) => void;
  readonly onDrop: () => void;
  readonly onClose: () => void;
}

export function ConflictDialog({ base, mine, theirs, names, onTake, onDrop, onClose }: Props) {
  const texts = useTexts();
  const conflicts = useMemo(() => conflictsOf(base, mine, draftOf(theirs)), [base, mine, theirs]);
  const [takeTheirs, setTakeTheirs] = useState<ReadonlySet<string>>(new Set());
  const words = usePlaceWords(useMemo(() => new Map([...names, ...scopeNames(theirs)]), [names, theirs]));
  const choose = (key: string, saved: boolean) =>
    setTakeTheirs((before) => {
      const after = new Set(before);
      if (saved) after.add(key);
      else after.delete(key);
      return after;
    });
  return (
    <Dialog onClose={onClose} size="xl" title={texts.policies.conflictTitle}>
      <p>{texts.policies.conflictText}</p>
      <p className="dimmed">
        {texts.policies.conflictTheirs}: <Ago at={theirs.updatedAt} />
      </p>
      {conflicts.length === 0 ? (
        <p className={styles["together"]}>{texts.policies.conflictNone}</p>
      ) : (
        <table className={styles["conflicts"]}>
          <thead>
            <tr>
              <th scope="col">{texts.policies.conflictWhat}</th>
              <th scope="col">{texts.policies.conflictMine}</th>
              <th scope="col">{texts.policies.conflictTheirs}</th>
            </tr>
          </thead>
          <tbody>
            {conflicts.map(({ place, mine: ours, theirs: saved }) => {
              const key = placeKey(place);
              return (
                <tr key={key}>
                  <th scope="row">{words.place(place)}</th>
                  <td>
                    <Radio name={key} label={words.value(place, ours)} checked={!takeTheirs.has(key)} onChange={() => choose(key, false)} />
                  </td>
                  <td>
                    <Radio name={key} label={words.value(place, saved)} checked={takeTheirs.has(key)} onChange={() => choose(key, true)} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <div className={styles["buttons"]}>
        <Button variant="default" onClick={onDrop}>
          {texts.policies.conflictDrop}
        </Button>
        <Button onClick={() => onTake(takeTheirs)}>{texts.policies.conflictTake}</Button>
      </div>
    </Dialog>
  );
}
