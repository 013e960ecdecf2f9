/** How virtual computers and clouds call the disks that they make up. */
const virtual =
  /\b(?:qemu|vmware|vbox|virtual ?(?:disk|box|nvme)?|msft virtual|amazon elastic block|amazon ec2|google ?(?:persistentdisk|ephemeraldisk)?|nvme_card(?:-pd)?|nutanix|xensrc|bhyve|parallels|hc volume|do volume|linode|microsoft nvme direct)\b/i;

export const isVirtualModel = (model: string): boolean => virtual.test(model);
