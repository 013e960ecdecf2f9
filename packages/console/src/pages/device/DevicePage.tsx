/** One device: what it is, whether it is there, what is checked and how that stands, what happened. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import type { Format, Language } from "@hauswart/protocol/format.ts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { Ago, Moment } from "../../components/Ago.tsx";
import { Facts, type Fact } from "../../components/Facts.tsx";
import { CustomerLink, DeviceLink } from "../../components/links.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { PresenceText } from "../../components/presence.tsx";
import { StateMark, StateShape } from "../../components/StateMark.tsx";
import { signedInTexts } from "../../texts/signed-in.ts";
import { useSpeech, useTexts, type Texts } from "../../texts/texts.tsx";
import { MaintenanceNote } from "../maintenance/MaintenanceMenu.tsx";
import { AgentUpdate } from "./AgentUpdate.tsx";
import { CheckList } from "./CheckList.tsx";
import { DeviceActions } from "./DeviceActions.tsx";
import { DeviceFindings } from "./DeviceFindings.tsx";
import { DeviceTags } from "./DeviceTags.tsx";
import { SignedIn } from "./SignedIn.tsx";
import styles from "./device.module.css";
import { WhyOffline } from "./WhyOffline.tsx";
import { Timeline } from "./Timeline.tsx";

const route = getRouteApi("/app/devices/$deviceId");
/** A clock that is off by less is nothing to speak of; beyond five minutes it is a finding. */
const worthTellingMs = 2_000;

export function DevicePage() {
  const { deviceId } = route.useParams();
  const { texts } = useSpeech();
  const { data: device, error, refetch } = useQuery(query("getDevice", { params: { deviceId } }));
  if (!device)
    return <Page title={texts.devices.title}>{error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  return (
    <Page title={device.name} note={<StateMark state={device.state} />} actions={<DeviceActions device={device} />}>
      {device.lifecycle !== "active" && (
        <p className={styles["lifecycle"]}>
          <StateShape state={device.lifecycle === "revoked" ? "unknown" : "failure"} />
          {device.lifecycle === "revoked" ? texts.device.revokedNote : texts.device.quarantinedNote}
        </p>
      )}
      {device.maintenance && <MaintenanceNote maintenance={device.maintenance} />}
      <DeviceFacts device={device} />
      <div className={styles["columns"]}>
        <div>
          <DeviceFindings deviceId={deviceId} />
          <Section title={texts.device.checks}>
            <CheckList device={device} />
          </Section>
        </div>
        <div>
          {device.kind === "agent" && <AgentUpdate deviceId={deviceId} />}
          <Section title={texts.device.timeline}>
            <Timeline deviceId={deviceId} />
          </Section>
        </div>
      </div>
    </Page>
  );
}

function DeviceFacts({ device }: { device: Device }) {
  return <Facts wide facts={useFacts(device)} />;
}

function useFacts(device: Device): Fact[] {
  const { texts, format, language } = useSpeech();
  const facts: (Fact | false)[] = [
    {
      name: texts.device.customerAndSite,
      value: (
        <>
          <CustomerLink customerId={device.customerId}>{device.customerName}</CustomerLink>
          {" · "}
          <Link to="/devices" search={{ customer: device.customerId, site: device.siteId }}>
            {device.siteName}
          </Link>
        </>
      ),
    },
    ...(device.kind === "agent"
      ? agentFacts(device, texts, format, language)
      : [
          { name: texts.device.measuredBy, value: texts.device.measuredByServer },
          { name: texts.device.created, value: <Moment at={device.enrolledAt} /> },
        ]),
    { name: texts.device.tags, value: <DeviceTags device={device} /> },
  ];
  return facts.filter((fact) => fact !== false);
}

/** What an agent tells of its computer. */
function agentFacts(device: Device, texts: Texts, format: Format, language: Language): (Fact | false)[] {
  const offsetMs = device.clockOffsetMs;
  return [
    { name: texts.device.presence, value: <PresenceText presence={device.presence} /> },
    device.offline !== null && { name: texts.device.whyOffline, value: <WhyOffline offline={device.offline} /> },
    // Where the house or the customer does not want it known there is nothing to say.
    device.signedIn?.isAsked === true && { name: signedInTexts[language].title, value: <SignedIn signedIn={device.signedIn} /> },
    device.dependsOn !== null && {
      name: texts.device.dependsOn,
      value: <DeviceLink deviceId={device.dependsOn.deviceId}>{device.dependsOn.name}</DeviceLink>,
    },
    { name: texts.device.system, value: device.systemName },
    device.hostname !== device.name && { name: "Hostname", value: device.hostname },
    device.network !== null &&
      device.network.addresses.length > 0 && { name: texts.device.network, value: <NetworkText network={device.network} /> },
    { name: texts.devices.role, value: texts.devices.roles[device.role] },
    { name: texts.device.booted, value: <Ago at={device.bootedAt} /> },
    offsetMs !== null &&
      Math.abs(offsetMs) >= worthTellingMs && {
        name: texts.device.clock,
        value: texts.device.clockOff(format.duration(Math.abs(offsetMs) / 1_000), offsetMs > 0),
      },
    { name: texts.device.agent, value: device.agentVersion || "–" },
    { name: texts.device.enrolled, value: <Moment at={device.enrolledAt} /> },
  ];
}

/** Its addresses, and the gateway that it reaches the internet by. */
function NetworkText({ network: { addresses, gateways } }: { network: NonNullable<Device["network"]> }) {
  const { device } = useTexts();
  return (
    <>
      {addresses.join(", ")}
      {gateways.length > 0 && <div className="dimmed">{device.byGateway(gateways.map(({ address }) => address).join(", "))}</div>}
    </>
  );
}
