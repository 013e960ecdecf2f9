/** An invited person makes their account: name, password, language. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useEffect, useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { leastPasswordLength, NewPassword } from "../../components/NewPassword.tsx";
import { Loading } from "../../components/notes.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { DoorError, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { useFragmentToken } from "./fragment-token.ts";

export function InvitationPage() {
  const { texts, language, setLanguage } = useSpeech();
  const token = useFragmentToken();
  const { data, error } = useQuery({
    ...query("getInvitation", { body: { token: token ?? "" } }),
    enabled: token !== undefined,
    retry: false,
  });
  // Who invited knows the language of the invited; the reader's own choice comes after that.
  const spoken = data?.language;
  useEffect(() => {
    if (spoken && spoken !== language) setLanguage(spoken);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the invitation is known
  }, [spoken]);
  return (
    <Doorway
      title={texts.door.invitationTitle}
      heading={texts.door.invitationTitle}
      lead={data && texts.door.invitationLead(data.providerName, texts.roles[data.role].name)}
    >
      {token === undefined ? <p>{texts.door.tokenMissing}</p> : error ? <DoorError error={error} /> : !data && <Loading />}
      {data && token !== undefined && <AcceptForm token={token} offer={data} />}
      {(token === undefined || error) && <BackLink />}
    </Doorway>
  );
}

export function BackLink() {
  const texts = useTexts();
  return (
    <div className={styles["links"]}>
      <Link to="/sign-in">{texts.door.back}</Link>
    </div>
  );
}

function AcceptForm({ token, offer }: { token: string; offer: ResponseOf<"getInvitation"> }) {
  const { texts, language } = useSpeech();
  const router = useRouter();
  const [name, setName] = useState(offer.name);
  const [password, setPassword] = useState("");
  const accept = useMutation({
    mutationFn: () => api("acceptInvitation", { body: { token, name: name.trim(), password, language } }).then(() => undefined),
    onSuccess: () => router.navigate({ to: "/sign-in", search: { done: "invitation" }, replace: true }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    accept.mutate();
  };
  return (
    <form className={styles["fields"]} onSubmit={submit}>
      <p>{texts.roles[offer.role].may}</p>
      {/* Password managers file the new password under this name. */}
      <TextInput label={texts.signIn.email} type="email" autoComplete="username" readOnly value={offer.email} />
      <TextInput
        label={texts.door.invitationName}
        autoComplete="name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NewPassword label={texts.door.invitationPassword} value={password} onChange={setPassword} />
      <DoorError error={accept.error} />
      <Button type="submit" size="sm" loading={accept.isPending} disabled={name.trim() === "" || password.length < leastPasswordLength}>
        {texts.door.invitationAccept}
      </Button>
    </form>
  );
}
