/** Adds or changes an identity provider. Its secret is kept sealed and never shown again. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Checkbox, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { CopyField } from "../../components/CopyField.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { useTexts } from "../../texts/texts.tsx";

type Issuer = ItemOf<"listOidcIssuers">;

/** Where the server expects the provider's answers, as long as it has not said so itself. */
const expectedRedirectUri = () => `${location.origin}/sign-in/oidc`;

/** @param issuer null for a new one. */
export function IssuerDialog({ issuer, onClose }: { issuer: Issuer | null; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState(issuer?.name ?? "");
  const [address, setAddress] = useState(issuer?.issuer ?? "");
  const [clientId, setClientId] = useState(issuer?.clientId ?? "");
  const [clientSecret, setClientSecret] = useState("");
  const [flags, setFlags] = useState({
    active: issuer?.active ?? true,
    createsAccounts: issuer?.createsAccounts ?? false,
    countsAsSecondFactor: issuer?.countsAsSecondFactor ?? false,
    trustsEmails: issuer?.trustsEmails ?? false,
  });
  const options = {
    touches: ["listOidcIssuers", "listSignInWays"],
    quiet: true,
    message: () => texts.signInSettings.issuerSaved,
    onDone: onClose,
  } as const;
  const create = useChange("createOidcIssuer", options);
  const change = useChange("changeOidcIssuer", options);
  const common = { name: name.trim(), clientId: clientId.trim(), ...flags };
  const changes = useChangedFields(common);
  const submit = () => {
    if (issuer === null) create.mutate({ body: { ...common, issuer: address.trim(), clientSecret } });
    else
      change.mutate({
        params: { oidcIssuerId: issuer.oidcIssuerId },
        body: { ...changes, ...(clientSecret ? { clientSecret } : {}) },
      });
  };
  const isIncomplete = [name, address, clientId].some((text) => text.trim() === "") || (issuer === null && clientSecret === "");
  return (
    <FormDialog
      title={issuer ? texts.signInSettings.issuerChangeOf(issuer.name) : texts.signInSettings.issuerAdd}
      action={texts.shell.save}
      error={create.error ?? change.error}
      isPending={create.isPending || change.isPending}
      isIncomplete={isIncomplete}
      onSubmit={submit}
      onClose={onClose}
    >
      <CopyField label={texts.signInSettings.issuerRedirect} value={issuer?.redirectUri ?? expectedRedirectUri()} />
      <TextInput
        label={texts.signInSettings.issuerName}
        description={texts.signInSettings.issuerNameHelp}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        type="url"
        label={texts.signInSettings.issuerAddress}
        placeholder="https://"
        required
        disabled={issuer !== null}
        maxLength={500}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <TextInput
        label={texts.signInSettings.issuerClientId}
        required
        maxLength={300}
        autoComplete="off"
        value={clientId}
        onChange={(event) => setClientId(event.currentTarget.value)}
      />
      <PasswordInput
        label={texts.signInSettings.issuerSecret}
        description={issuer ? texts.signInSettings.issuerSecretKept : undefined}
        required={issuer === null}
        maxLength={2_000}
        autoComplete="off"
        value={clientSecret}
        onChange={(event) => setClientSecret(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": texts.signIn.showPassword }}
      />
      {(["active", "countsAsSecondFactor", "createsAccounts", "trustsEmails"] as const).map((flag) => (
        <Checkbox
          key={flag}
          label={texts.signInSettings.issuerFlags[flag]}
          description={texts.signInSettings.issuerFlagsHelp[flag]}
          checked={flags[flag]}
          onChange={(event) => setFlags({ ...flags, [flag]: event.currentTarget.checked })}
        />
      ))}
    </FormDialog>
  );
}
