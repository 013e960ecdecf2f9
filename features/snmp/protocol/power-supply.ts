/** What a device that is no uninterruptible power supply tells of itself as one. */
export const noPowerSupply = {
  isUps: false,
  upsBattery: "none",
  upsSource: "none",
  upsAlarmCount: null,
  upsChargePercent: null,
  upsLoadPercent: null,
  upsRemainingSeconds: null,
  upsOnBatterySeconds: null,
} as const;
