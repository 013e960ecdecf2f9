/** The last way in for an owner: with the code that `npm run break-glass` prints on the server's own computer. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { useEntrance } from "./entrance.ts";

export function BreakGlassPage() {
  const texts = useTexts();
  const [email, setEmail] = useState("");
  const [code, setCode] = useState("");
  // Whoever comes in this way has lost a factor: the own account is where the next step is.
  const enter = useEntrance("/account");
  const signIn = useMutation({
    mutationFn: () => api("createSessionWithBreakGlass", { body: { email: email.trim(), code: code.trim() } }).then(() => undefined),
    onSuccess: enter,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Doorway title={texts.door.breakGlassTitle} heading={texts.door.breakGlassTitle} lead={texts.door.breakGlassLead}>
      <form className={styles["fields"]} onSubmit={submit}>
        <TextInput
          label={texts.signIn.email}
          type="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label={texts.door.breakGlassCode}
          autoComplete="off"
          spellCheck={false}
          required
          minLength={20}
          maxLength={60}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <DoorError error={signIn.error} />
        <Button type="submit" size="sm" loading={signIn.isPending}>
          {texts.signIn.submit}
        </Button>
      </form>
      <div className={styles["links"]}>
        <Link to="/sign-in">{texts.door.back}</Link>
      </div>
    </Doorway>
  );
}
