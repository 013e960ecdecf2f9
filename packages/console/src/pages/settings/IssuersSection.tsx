/** Identity providers at which the house's people sign in (OpenID Connect). */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useList } from "../../api/queries.ts";
import { Confirm } from "../../components/Confirm.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { IssuerDialog } from "./IssuerDialog.tsx";

export type Issuer = ItemOf<"listOidcIssuers">;

/** @param mayChange whether the reader may add, change and remove them. */
export function IssuersSection({ mayChange }: { mayChange: boolean }) {
  const texts = useTexts();
  const list = useList("listOidcIssuers", {});
  const [dialog, setDialog] = useState<Issuer | "new" | null>(null);
  const [asked, setAsked] = useState<Issuer | null>(null);
  const remove = useChange("deleteOidcIssuer", {
    touches: ["listOidcIssuers", "listSignInWays"],
    message: () => texts.signInSettings.issuerRemoved,
    onDone: () => setAsked(null),
  });
  return (
    <Section
      title={texts.signInSettings.issuers}
      note={texts.signInSettings.issuersNote}
      actions={
        mayChange && (
          <Button variant="default" onClick={() => setDialog("new")}>
            {texts.signInSettings.issuerAdd}
          </Button>
        )
      }
    >
      {list.isLoading && <Loading />}
      {list.error && list.rows.length === 0 && <ErrorNote error={list.error} onRetry={list.retry} />}
      {!list.isLoading && !list.error && list.rows.length === 0 && <p className="dimmed">{texts.signInSettings.issuersNone}</p>}
      {list.rows.length > 0 && <IssuerTable issuers={list.rows} mayChange={mayChange} onChange={setDialog} onRemove={setAsked} />}
      {dialog && <IssuerDialog issuer={dialog === "new" ? null : dialog} onClose={() => setDialog(null)} />}
      {asked && (
        <Confirm
          title={texts.signInSettings.issuerRemoveTitle(asked.name)}
          action={texts.shell.remove}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params: { oidcIssuerId: asked.oidcIssuerId } })}
          onClose={() => setAsked(null)}
        >
          {texts.signInSettings.issuerRemoveText}
        </Confirm>
      )}
    </Section>
  );
}

interface TableProps {
  readonly issuers: readonly Issuer[];
  readonly mayChange: boolean;
  readonly onChange: (issuer: Issuer) => void;
  readonly onRemove: (issuer: Issuer) => void;
}

function IssuerTable({ issuers, mayChange, onChange, onRemove }: TableProps) {
  const texts = useTexts();
  return (
    <PlainTable
      label={texts.signInSettings.issuers}
      stacks
      columns={[
        { header: texts.signInSettings.issuerName },
        { header: texts.signInSettings.issuerAddress, from: "md" },
        { header: texts.signInSettings.issuerState, width: "130px", from: "sm" },
        ...(mayChange ? [{ header: texts.signInSettings.issuerActions, width: "180px", align: "end" as const, isHeaderHidden: true }] : []),
      ]}
      rows={issuers.map((issuer) => ({
        key: issuer.oidcIssuerId,
        cells: [
          <span key="name" title={issuer.name}>
            {issuer.name}
          </span>,
          <span key="address" title={issuer.issuer}>
            {issuer.issuer}
          </span>,
          <StateMark key="state" state={issuer.active ? "ok" : "unknown"}>
            {issuer.active ? texts.signInSettings.issuerOn : texts.signInSettings.issuerOff}
          </StateMark>,
          ...(mayChange
            ? [
                <span key="actions">
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={texts.signInSettings.issuerChangeOf(issuer.name)}
                    onClick={() => onChange(issuer)}
                  >
                    {texts.signInSettings.issuerChange}
                  </Button>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={texts.signInSettings.issuerRemoveOf(issuer.name)}
                    onClick={() => onRemove(issuer)}
                  >
                    {texts.shell.remove}
                  </Button>
                </span>,
              ]
            : []),
        ],
      }))}
    />
  );
}
