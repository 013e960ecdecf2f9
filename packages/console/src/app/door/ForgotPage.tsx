/** Asks for a mail with a link to a new password. The answer is the same whether there is such an account or not. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";

export function ForgotPage() {
  const texts = useTexts();
  const [email, setEmail] = useState("");
  const ask = useMutation({ mutationFn: () => api("requestPasswordReset", { body: { email: email.trim() } }) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <Doorway title={texts.door.forgotTitle} heading={texts.door.forgotTitle} lead={!ask.isSuccess && texts.door.forgotLead}>
      {ask.isSuccess ? (
        <DoorNote>{texts.door.forgotDone(email.trim())}</DoorNote>
      ) : (
        <form className={styles["fields"]} onSubmit={submit}>
          <TextInput
            label={texts.signIn.email}
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <DoorError error={ask.error} />
          <Button type="submit" size="sm" loading={ask.isPending}>
            {texts.door.forgotSend}
          </Button>
        </form>
      )}
      <div className={styles["links"]}>
        <Link to="/sign-in">{texts.door.back}</Link>
      </div>
    </Doorway>
  );
}
