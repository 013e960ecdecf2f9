/** Was die mitgelieferten Regeln melden: was der Fall ist, was es bedeutet, was zu tun ist. */
import type { CuratedRule } from "./curated.ts";

export type Explained = readonly [title: string, meaning: string, advice: string];

export const german: Readonly<Record<CuratedRule, Explained>> = {
  "active-directory": [
    "Fehler im Verzeichnisdienst",
    "Active Directory meldet einen Fehler. Anmeldungen und die Abgleichung zwischen Domänencontrollern können ausfallen.",
    "Prüfen Sie mit dcdiag und repadmin /replsummary, und beheben Sie, was dort gemeldet wird.",
  ],
  "backup-failed": [
    "Datensicherung fehlgeschlagen",
    "Die Datensicherung des Systems meldet einen Fehler. Der letzte Lauf ist nicht oder nicht vollständig gesichert.",
    "Sehen Sie in der Datensicherung nach dem Grund, und stoßen Sie sie nach der Behebung noch einmal an.",
  ],
  "certificate-services": [
    "Fehler bei Zertifikaten",
    "Die Zertifikatdienste melden einen Fehler, oder ein Zertifikat läuft bald ab. Danach scheitern Anmeldungen und verschlüsselte Verbindungen.",
    "Prüfen Sie die Zertifizierungsstelle und ihre Sperrlisten, und erneuern Sie ablaufende Zertifikate.",
  ],
  "critical-entry": [
    "Kritischer Eintrag im Protokoll",
    "Ein Programm oder das System hat einen Eintrag der höchsten Stufe geschrieben. Solche Einträge sind selten und meist ernst.",
    "Lesen Sie den Eintrag und was kurz davor geschah.",
  ],
  "database-damaged": [
    "Datenbank beschädigt",
    "Eine Datenbank hat beim Lesen Fehler in ihren Dateien gefunden. Daten können verloren sein; Ursache ist oft ein Datenträger.",
    "Sichern Sie die Dateien, prüfen Sie Datenträger und Datenbank, und stellen Sie notfalls aus der Datensicherung wieder her.",
  ],
  "dhcp-server": [
    "Störung der Adressvergabe (DHCP)",
    "Der DHCP-Server kann keine oder bald keine Adressen mehr vergeben. Neue Geräte kommen dann nicht ins Netz.",
    "Erweitern Sie den Adressbereich, oder autorisieren Sie den Server in der Domäne.",
  ],
  "disk-error": [
    "Lese- oder Schreibfehler eines Datenträgers",
    "Ein Datenträger hat Daten nicht lesen oder schreiben können. Das geht einem Ausfall oft voraus; Daten sind in Gefahr.",
    "Sichern Sie die Daten jetzt. Prüfen Sie Kabel und Zustand des Datenträgers, und tauschen Sie ihn aus.",
  ],
  "dns-server": [
    "Störung der Namensauflösung (DNS)",
    "Der DNS-Server kann seine Zonen nicht laden oder das Verzeichnis nicht erreichen. Namen werden nicht oder falsch aufgelöst.",
    "Prüfen Sie die Verbindung zum Verzeichnisdienst, und starten Sie den DNS-Server danach neu.",
  ],
  "duplicate-address": [
    "Netzwerkadresse doppelt vergeben",
    "Ein anderes Gerät im Netz benutzt dieselbe Adresse. Verbindungen beider Geräte brechen ab.",
    "Finden Sie das andere Gerät, und geben Sie einem der beiden eine andere Adresse.",
  ],
  "file-replication": [
    "Dateireplikation gestört",
    "Der Abgleich von Dateien zwischen Servern steht. Bei SYSVOL fehlen Gruppenrichtlinien auf einem Teil der Server.",
    "Folgen Sie den Schritten im Ereignistext, und prüfen Sie danach, ob die Server wieder abgleichen.",
  ],
  "file-system-error": [
    "Dateisystem beschädigt",
    "Das Dateisystem hat in seinen Strukturen Fehler gefunden. Dateien können beschädigt sein; das System hat es womöglich gegen Schreiben gesperrt.",
    "Sichern Sie die Daten, und prüfen Sie das Dateisystem (chkdsk, fsck). Prüfen Sie auch den Datenträger darunter.",
  ],
  "hardware-corrected": [
    "Viele behobene Hardwarefehler",
    "Die Hardware meldet wiederholt Fehler, die sie noch selbst beheben konnte, meist an Speicher oder Steckkarten.",
    "Planen Sie die Prüfung von Speicher und Steckkarten ein, und aktualisieren Sie die Firmware.",
  ],
  "hardware-error": [
    "Hardwarefehler",
    "Prozessor, Speicher oder ein Bus hat einen Fehler gemeldet, der nicht behoben werden konnte. Abstürze und falsche Daten sind möglich.",
    "Prüfen Sie Speicher, Temperatur und Netzteil, und tauschen Sie das genannte Teil.",
  ],
  "log-cleared": [
    "Ereignisprotokoll geleert",
    "Jemand hat ein Ereignisprotokoll geleert. Wer Spuren verwischen will, tut das auch.",
    "Fragen Sie, wer es war. War es niemand von Ihnen, behandeln Sie den Computer als angegriffen.",
  ],
  "memory-exhausted": [
    "Arbeitsspeicher erschöpft",
    "Der Arbeitsspeicher reichte nicht; das System hat ein Programm beendet oder stand kurz davor.",
    "Sehen Sie nach, welches Programm so viel braucht, und begrenzen Sie es oder bauen Sie Speicher ein.",
  ],
  overheating: [
    "Überhitzung",
    "Prozessor oder Gehäuse ist zu heiß. Der Computer wird langsamer oder schaltet sich ab.",
    "Reinigen Sie Lüfter und Kühlkörper, und prüfen Sie, ob die Lüfter laufen.",
  ],
  "program-crash": [
    "Programme stürzen wiederholt ab",
    "Innerhalb einer Stunde sind mehrfach Programme abgestürzt oder haben nicht mehr reagiert.",
    "Sehen Sie nach, welches Programm es ist, aktualisieren oder reparieren Sie es.",
  ],
  "raid-degraded": [
    "RAID-Verbund ohne Reserve",
    "Ein Datenträger des Verbunds ist ausgefallen. Fällt der nächste aus, sind die Daten verloren.",
    "Tauschen Sie den ausgefallenen Datenträger, und warten Sie, bis der Verbund wiederhergestellt ist.",
  ],
  "service-crashed": [
    "Dienst abgestürzt",
    "Ein Dienst ist unerwartet beendet worden. Bis er wieder läuft, steht nicht zur Verfügung, was er leistet.",
    "Sehen Sie im Ereignis, welcher Dienst es war, und im Anwendungsprotokoll nach dem Grund.",
  ],
  "service-failed": [
    "Dienste scheitern wiederholt",
    "Innerhalb einer Stunde konnten Dienste mehrfach nicht starten oder endeten mit einem Fehler.",
    "Sehen Sie im Eintrag, welcher Dienst es war, und in seinem Protokoll nach dem Grund.",
  ],
  "shadow-copy": [
    "Schattenkopien gestört",
    "Schattenkopien konnten nicht angelegt werden oder gingen verloren. Datensicherungen, die darauf bauen, scheitern; ältere Dateistände fehlen.",
    "Schaffen Sie Platz für Schattenkopien, und prüfen Sie mit vssadmin list writers, ob alle Schreiber in Ordnung sind.",
  ],
  "storage-reset": [
    "Datenträger antwortet wiederholt nicht",
    "Ein Datenträger oder sein Anschluss hat mehrfach nicht geantwortet und wurde zurückgesetzt. Der Computer stockt; ein Ausfall kann folgen.",
    "Prüfen Sie Kabel, Stromversorgung, Treiber und Firmware des Datenträgers und des Controllers.",
  ],
  "system-crash": [
    "Betriebssystem abgestürzt",
    "Der Kern des Systems ist auf einen Fehler gelaufen. Nicht gespeicherte Arbeit ist verloren.",
    "Sehen Sie im Eintrag nach Treiber oder Fehlernummer. Wiederholt es sich, prüfen Sie Treiber, Speicher und Temperatur.",
  ],
  "system-stalls": [
    "System hängt zeitweise",
    "Der Kern meldet, dass Prozessoren oder Prozesse lange nicht vorankamen. Meist wartet etwas auf einen langsamen Datenträger.",
    "Prüfen Sie Datenträger und Last; bei virtuellen Computern auch den Wirt.",
  ],
  "time-service": [
    "Uhrzeit wird nicht abgeglichen",
    "Der Zeitdienst erreicht keine Quelle oder weicht weit ab. Bei mehr als fünf Minuten scheitern Anmeldungen an der Domäne.",
    "Prüfen Sie mit w32tm /query /status, woher der Computer seine Zeit nimmt.",
  ],
  "unexpected-shutdown": [
    "Unerwartet ausgeschaltet",
    "Der Computer ging aus, ohne heruntergefahren zu werden: Stromausfall, Absturz oder Ausschalter.",
    "Fragen Sie, was geschah. Wiederholt es sich, prüfen Sie Netzteil und Temperatur.",
  ],
};
