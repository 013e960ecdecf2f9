/** One entry of the audit log: who, what, and what was before and after. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Moment } from "../../components/Ago.tsx";
import { Facts } from "../../components/Facts.tsx";
import { Pane } from "../../components/Pane.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./access.module.css";
import { useActorWords } from "./actor-words.ts";
import { useAuditWords } from "./audit-words.ts";
import { readDetail, type Place } from "./difference.ts";
import { wordsOfPlace, wordsOfValue } from "./field-words.ts";

const route = getRouteApi("/app/audit");
type Entry = ItemOf<"listAudit">;

interface Props {
  readonly entry: Entry;
  readonly customerName: string | undefined;
  readonly onClose: () => void;
}

export function EntryPane({ entry, customerName, onClose }: Props) {
  const texts = useTexts();
  const who = useActorWords();
  const words = useAuditWords();
  const search = route.useSearch();
  return (
    <Pane label={words.action(entry.action)} onClose={onClose} actions={<h2>{words.action(entry.action)}</h2>}>
      <Facts
        facts={[
          { name: texts.audit.at, value: <Moment at={entry.at} /> },
          { name: texts.audit.actor, value: who(entry.actor) },
          { name: texts.audit.subject, value: <Subject entry={entry} /> },
          { name: texts.audit.code, value: <code>{entry.action}</code> },
          ...(entry.customerId ? [{ name: texts.audit.customer, value: customerName ?? entry.customerId }] : []),
          { name: texts.audit.sealed, value: entry.sealed ? texts.audit.sealedYes : texts.audit.sealedNo },
        ]}
      />
      {search.subject !== entry.subjectId && (
        <p className={styles["block"]}>
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link from="/audit" to="/audit" search={(before) => ({ ...before, subject: entry.subjectId })} {...props} />
            )}
          >
            {texts.audit.onlyThisSubject}
          </Button>
        </p>
      )}
      <Detail entry={entry} />
    </Pane>
  );
}

/** What it was done to; a link where that has a page. */
function Subject({ entry: { subjectKind, subjectId } }: { entry: Entry }) {
  const kind = useAuditWords().subject(subjectKind);
  if (subjectKind === "device")
    return (
      <Link to="/devices/$deviceId" params={{ deviceId: subjectId }}>
        {kind}
      </Link>
    );
  if (subjectKind === "customer")
    return (
      <Link to="/customers/$customerId" params={{ customerId: subjectId }}>
        {kind}
      </Link>
    );
  if (subjectKind === "policy")
    return (
      <Link to="/policies/$policyId" params={{ policyId: subjectId }}>
        {kind}
      </Link>
    );
  return kind;
}

function Detail({ entry }: { entry: Entry }) {
  const { texts, format, checkTexts } = useSpeech();
  const words = { fields: texts.audit.fieldWords, commonSettings: texts.device.commonSettings, checkTexts };
  const name = (place: Place) => wordsOfPlace(place, words);
  const write = (place: Place, value: unknown) => wordsOfValue(place, value, format);
  const { differences, rest } = readDetail(entry.detail);
  return (
    <>
      {differences.length > 0 && (
        <div className={styles["block"]}>
          <h3>{texts.audit.differences}</h3>
          <table className={styles["differences"]}>
            <thead>
              <tr>
                <th scope="col">{texts.audit.place}</th>
                <th scope="col">{texts.audit.before}</th>
                <th scope="col">{texts.audit.after}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ place, before, after }) => (
                <tr key={place.join(".")}>
                  <th scope="row" title={place.join(".")}>
                    {name(place)}
                  </th>
                  <td>{before === undefined ? "–" : <del>{write(place, before)}</del>}</td>
                  <td>{after === undefined ? "–" : <ins>{write(place, after)}</ins>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rest.length > 0 && (
        <div className={styles["block"]}>
          <h3>{texts.audit.detail}</h3>
          <Facts facts={rest.map(({ place, value }) => ({ name: name(place), value: write(place, value) }))} />
        </div>
      )}
    </>
  );
}
