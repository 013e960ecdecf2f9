/**
 * SQL: what device `device` of site `site` hangs behind. Not by coalesce: behind the wall PostgreSQL looks up no index by one, because
 * it might tell what it is given, and reads all devices instead.
 */
export const deviceBefore = (device: string, site: string) =>
  `case when ${device}.depends_on_device_id is not null then ${device}.depends_on_device_id
    when ${site}.gateway_device_id <> ${device}.device_id then ${site}.gateway_device_id end`;
