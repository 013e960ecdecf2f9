/** A new password with the link from the mail. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { leastPasswordLength, NewPassword } from "../../components/NewPassword.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { useFragmentToken } from "./fragment-token.ts";

export function PasswordResetPage() {
  const texts = useTexts();
  const token = useFragmentToken();
  const router = useRouter();
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => api("resetPassword", { body: { token: token ?? "", password } }),
    onSuccess: () => router.navigate({ to: "/sign-in", search: { done: "reset" }, replace: true }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Doorway title={texts.door.resetTitle} heading={texts.door.resetTitle} lead={token !== undefined && texts.door.resetLead}>
      {token === undefined ? (
        <p>{texts.door.tokenMissing}</p>
      ) : (
        <form className={styles["fields"]} onSubmit={submit}>
          <NewPassword label={texts.account.passwordNew} value={password} onChange={setPassword} />
          <DoorError error={save.error} />
          <Button type="submit" size="sm" loading={save.isPending} disabled={password.length < leastPasswordLength}>
            {texts.door.resetSave}
          </Button>
        </form>
      )}
      <div className={styles["links"]}>
        <Link to="/sign-in/forgot">{texts.door.forgotAgain}</Link>
        <Link to="/sign-in">{texts.door.back}</Link>
      </div>
    </Doorway>
  );
}
