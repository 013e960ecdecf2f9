/** Links to the things that the console shows, under their names. Names come from outside and are only ever text. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

export function DeviceLink({ deviceId, children }: { deviceId: string; children: ReactNode }) {
  return (
    <Link to="/devices/$deviceId" params={{ deviceId }}>
      {children}
    </Link>
  );
}

export function CustomerLink({ customerId, children }: { customerId: string; children: ReactNode }) {
  return (
    <Link to="/customers/$customerId" params={{ customerId }}>
      {children}
    </Link>
  );
}
