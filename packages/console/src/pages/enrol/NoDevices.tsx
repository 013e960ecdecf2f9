/** Where devices would be and there are none: the next step, for whoever may take it. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { reachesNobody, useAccount, useMay } from "../../app/session.ts";
import { Empty } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";

export default function NoDevices() {
  const texts = useTexts();
  const account = useAccount();
  const mayEnrol = useMay("devices:write");
  if (account && reachesNobody(account)) return <Empty title={texts.overview.noCustomer}>{texts.overview.noCustomerHelp}</Empty>;
  if (!mayEnrol) return <Empty title={texts.overview.start}>{texts.overview.startByOthers}</Empty>;
  return (
    <Empty
      title={texts.overview.start}
      action={
        <Button renderRoot={(props) => <Link to="." search={(before) => ({ ...before, enrol: "1" })} {...props} />}>
          {texts.shell.enrol}
        </Button>
      }
    >
      {texts.overview.startHelp}
    </Empty>
  );
}
