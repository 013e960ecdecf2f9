/** An invited person makes their account: name, password, language. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { query } from "../../api/queries.ts";
import { leastPasswordLength, NewPassword } from "../../components/NewPassword.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { DoorError } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { LinkedDoor } from "./LinkedDoor.tsx";

export function InvitationPage() {
  const { door, roles } = useTexts();
  return (
    <LinkedDoor
      title={door.invitationTitle}
      ask={(token) => query("getInvitation", { body: { token } })}
      lead={({ providerName, role }) => door.invitationLead(providerName, roles[role].name)}
      missing={door.tokenMissing}
      otherwise={<BackLink />}
    >
      {(offer, token) => <AcceptForm token={token} offer={offer} />}
    </LinkedDoor>
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
