/** A night of patches within its maintenance window: restarts are nobody's alarm, what outlives the window is. */
import { patchNight } from "@hauswart/simulator/stories/nights-and-days.ts";
import { test } from "bun:test";
import { localMs, StoryHouse, storyMs } from "./support/house.ts";
import { timeZone } from "./support/people.ts";
import { expectReviewed } from "./support/record.ts";

test(
  "ALM-1 SVC-1 a patch night with a maintenance window",
  async () => {
    const house = await StoryHouse.open({
      opensAt: "2027-03-09T07:00",
      tell: (computers) => patchNight.tell(computers, localMs("2027-03-09T21:00")),
    });
    try {
      await house.server.api("createMaintenanceWindow", {
        body: {
          scope: "site",
          scopeId: house.places.first.siteId,
          name: "Patchnacht",
          when: {
            kind: "planned",
            schedule: { startsAtLocal: "2027-03-09T21:00", minutes: 180, timeZone, repeat: null, until: null },
          },
        },
      });
      await house.liveUntil("2027-03-09T20:55", 3_600);
      await house.liveUntil("2027-03-09T22:30", 60);
      await house.liveUntil("2027-03-09T23:55");
      await house.liveUntil("2027-03-10T00:35", 60);
      await house.acknowledgeByMail("on-call@systemhaus.example");
      await house.liveUntil("2027-03-10T00:37", 30);
      await house.liveUntil("2027-03-10T05:45", 3_600);
      await house.liveUntil("2027-03-10T06:15");
      await house.liveUntil("2027-03-10T09:30", 3_600);
    } finally {
      await house.close();
    }
    await expectReviewed(
      {
        name: "patch-night",
        title: "A patch night with a maintenance window",
        happened:
          "A maintenance window of the joinery's site is open on Tuesday from 21:00 to 24:00, with 15 minutes of grace. The workstations restart at 21:20, the server restarts at 21:40 and at 22:10; a service of it is down from 21:30 to 22:05. Another one does not come back after the second restart. At 00:35 the second on call confirms the alarm by the link in the mail, and starts it at 06:00.",
      },
      house.mails,
    );
  },
  storyMs,
);
