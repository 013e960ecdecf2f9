/** What the curated rules tell of: what is the case, what it means, what to do. */
import type { CuratedRule } from "./curated.ts";
import type { Explained } from "./explained-de.ts";

export const english: Readonly<Record<CuratedRule, Explained>> = {
  "active-directory": [
    "Error of the directory service",
    "Active Directory reports an error. Sign-ins and replication between domain controllers may fail.",
    "Check with dcdiag and repadmin /replsummary, and repair what they report.",
  ],
  "backup-failed": [
    "Backup failed",
    "The system's backup reports an error. The last run was not backed up, or not in full.",
    "Look for the reason in the backup program, and start it once more when it is removed.",
  ],
  "certificate-services": [
    "Error with certificates",
    "Certificate services report an error, or a certificate is about to expire. After that, sign-ins and encrypted connections fail.",
    "Check the certification authority and its revocation lists, and renew certificates that expire.",
  ],
  "critical-entry": [
    "Critical entry in the log",
    "A program or the system wrote an entry of the highest level. Such entries are rare and mostly serious.",
    "Read the entry and what happened shortly before.",
  ],
  "database-damaged": [
    "Database damaged",
    "A database found errors in its files while reading. Data may be lost; often the cause is a disk.",
    "Save the files, check disk and database, and restore from the backup if need be.",
  ],
  "dhcp-server": [
    "Addresses are not handed out (DHCP)",
    "The DHCP server has no addresses left, or soon will have none. New devices then do not get into the network.",
    "Enlarge the range of addresses, or authorise the server in the domain.",
  ],
  "disk-error": [
    "Read or write error of a disk",
    "A disk could not read or write data. That often comes before a failure; data are in danger.",
    "Back up the data now. Check cables and the disk's health, and replace it.",
  ],
  "dns-server": [
    "Name resolution is disturbed (DNS)",
    "The DNS server cannot load its zones or reach the directory. Names are not resolved, or wrongly.",
    "Check the connection to the directory service, then restart the DNS server.",
  ],
  "duplicate-address": [
    "Network address used twice",
    "Another device in the network uses the same address. Connections of both devices break.",
    "Find the other device, and give one of the two another address.",
  ],
  "file-replication": [
    "File replication is disturbed",
    "The replication of files between servers has stopped. With SYSVOL, group policies are missing on some servers.",
    "Follow the steps in the event's text, then check that the servers replicate again.",
  ],
  "file-system-error": [
    "File system damaged",
    "The file system found errors in its structures. Files may be damaged; the system may have made it read-only.",
    "Back up the data, and check the file system (chkdsk, fsck). Check the disk below it as well.",
  ],
  "hardware-corrected": [
    "Many corrected hardware errors",
    "The hardware keeps reporting errors that it could still correct by itself, mostly of memory or cards.",
    "Plan a check of memory and cards, and update the firmware.",
  ],
  "hardware-error": [
    "Hardware error",
    "Processor, memory or a bus reported an error that could not be corrected. Crashes and wrong data are possible.",
    "Check memory, temperature and power supply, and replace the part that is named.",
  ],
  "log-cleared": [
    "Event log cleared",
    "Somebody cleared an event log. People who want to hide their traces do that too.",
    "Ask who it was. If it was none of you, treat the computer as attacked.",
  ],
  "memory-exhausted": [
    "Memory exhausted",
    "There was not enough memory; the system ended a program or was about to.",
    "See which program needs so much, and limit it or add memory.",
  ],
  overheating: [
    "Overheating",
    "Processor or case is too hot. The computer slows down or switches itself off.",
    "Clean fans and heat sinks, and check that the fans turn.",
  ],
  "program-crash": [
    "Programs keep crashing",
    "Within an hour programs crashed or stopped responding several times.",
    "See which program it is, and update or repair it.",
  ],
  "raid-degraded": [
    "RAID array without reserve",
    "A disk of the array has failed. If the next one fails, the data are lost.",
    "Replace the failed disk, and wait until the array is rebuilt.",
  ],
  "service-crashed": [
    "Service crashed",
    "A service ended unexpectedly. Until it runs again, what it does is not available.",
    "See in the event which service it was, and look for the reason in the application log.",
  ],
  "service-failed": [
    "Services keep failing",
    "Within an hour services could not start or ended with an error several times.",
    "See in the entry which service it was, and look for the reason in its log.",
  ],
  "shadow-copy": [
    "Shadow copies are disturbed",
    "Shadow copies could not be made or were lost. Backups that build on them fail; earlier versions of files are missing.",
    "Make room for shadow copies, and check with vssadmin list writers that all writers are well.",
  ],
  "storage-reset": [
    "A disk keeps not answering",
    "A disk or its port did not answer several times and was reset. The computer stalls; a failure may follow.",
    "Check cables, power, driver and firmware of the disk and its controller.",
  ],
  "system-crash": [
    "Operating system crashed",
    "The system's kernel ran into an error. Unsaved work is lost.",
    "Look in the entry for a driver or error number. If it happens again, check drivers, memory and temperature.",
  ],
  "system-stalls": [
    "The system stalls at times",
    "The kernel reports that processors or processes made no progress for long. Mostly something waits for a slow disk.",
    "Check disks and load; of virtual computers also the host.",
  ],
  "time-service": [
    "The clock is not synchronised",
    "The time service reaches no source or is far off. Beyond five minutes, sign-ins to the domain fail.",
    "Check with w32tm /query /status where the computer takes its time from.",
  ],
  "unexpected-shutdown": [
    "Switched off unexpectedly",
    "The computer went off without being shut down: power failure, crash or power switch.",
    "Ask what happened. If it happens again, check power supply and temperature.",
  ],
};
