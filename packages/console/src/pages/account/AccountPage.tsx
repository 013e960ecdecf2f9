/** One's own account: who one is, how one signs in, where one is signed in. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { useAccount } from "../../app/session.ts";
import { Facts } from "../../components/Facts.tsx";
import { LanguageSelect } from "../../components/LanguageSelect.tsx";
import { leastPasswordLength, NewPassword } from "../../components/NewPassword.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { useReachWords } from "../people/reach-words.ts";
import styles from "./account.module.css";
import { EmailSection } from "./EmailSection.tsx";
import { FactorsSection } from "./FactorsSection.tsx";
import { SessionsSection } from "./SessionsSection.tsx";

type Account = NonNullable<ResponseOf<"getSession">["account"]>;

export function AccountPage() {
  const texts = useTexts();
  const account = useAccount();
  return (
    <Page title={texts.account.title} narrow>
      {account ? (
        <>
          <PersonSection key={account.accountId} account={account} />
          <EmailSection email={account.email} />
          <FactorsSection email={account.email} />
          <PasswordSection />
          <SessionsSection />
        </>
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function PersonSection({ account }: { account: Account }) {
  const texts = useTexts();
  const reachWords = useReachWords();
  const [name, setName] = useState(account.name);
  const [language, setLanguage] = useState(account.language);
  const save = useChange("changeProfile", { touches: ["getSession", "listAccounts"], quiet: true, message: () => texts.account.saved });
  const isChanged = name.trim() !== account.name || language !== account.language;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate({ body: { name: name.trim(), language } });
  };
  return (
    <Section title={texts.account.person}>
      <form className={styles["form"]} onSubmit={submit}>
        <div className={styles["fields"]}>
          <TextInput
            label={texts.account.name}
            autoComplete="name"
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <LanguageSelect label={texts.account.language} value={language} onChange={setLanguage} />
        </div>
        <Facts
          facts={[
            { name: texts.account.role, value: `${texts.roles[account.role].name}: ${texts.roles[account.role].may}` },
            { name: texts.account.customers, value: reachWords(account.reach) },
          ]}
        />
        {save.error && <ErrorNote error={save.error} />}
        <div>
          <Button type="submit" loading={save.isPending} disabled={!isChanged || name.trim() === ""}>
            {texts.shell.save}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function PasswordSection() {
  const texts = useTexts();
  const email = useAccount()?.email ?? "";
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const { format } = useSpeech();
  const until = useQuery(query("getFactors")).data?.setsPasswordUntil ?? null;
  const change = useChange("changePassword", {
    touches: ["listSessions"],
    quiet: true,
    message: () => texts.account.passwordChanged,
    onDone: () => {
      setCurrent("");
      setNew("");
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate({ body: until === null ? { currentPassword, newPassword } : { newPassword } });
  };
  return (
    <Section title={texts.account.password}>
      <form className={styles["form"]} onSubmit={submit}>
        {/* Tells password managers whose password it is. */}
        <input className="visually-hidden" name="username" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden />
        <div className={styles["fields"]}>
          {until === null ? (
            <PasswordInput
              label={texts.account.passwordCurrent}
              description={texts.account.passwordCurrentHelp}
              autoComplete="current-password"
              required
              value={currentPassword}
              onChange={(event) => setCurrent(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": texts.account.showPassword }}
            />
          ) : (
            <p className="dimmed">{texts.account.passwordByBreakGlass(format.time(Date.parse(until)))}</p>
          )}
          <NewPassword label={texts.account.passwordNew} value={newPassword} onChange={setNew} />
        </div>
        {change.error && <ErrorNote error={change.error} />}
        <div>
          <Button
            type="submit"
            variant="default"
            loading={change.isPending}
            disabled={(until === null && currentPassword === "") || newPassword.length < leastPasswordLength}
          >
            {texts.account.passwordChange}
          </Button>
        </div>
      </form>
    </Section>
  );
}
