#!/bin/sh
# On a Mac with Xcode's command line tools: signs the program, makes hauswart-agent.pkg of this folder, has Apple notarise it.
#   ./make-pkg.sh "Developer ID Application: NAME (TEAMID)" "Developer ID Installer: NAME (TEAMID)" NOTARY-PROFILE
# The notary profile is kept in the keychain once: xcrun notarytool store-credentials NOTARY-PROFILE
set -eu
application=$1 installer=$2 profile=$3
cd "$(dirname "$0")"
codesign --force --timestamp --options runtime --identifier org.hauswart.agent --entitlements entitlements.plist \
  --sign "$application" root/usr/local/bin/hauswart-agent
codesign --verify --strict --verbose=2 root/usr/local/bin/hauswart-agent
pkgbuild --root root --scripts scripts --identifier org.hauswart.agent --version "$(cat VERSION)" --install-location / \
  --ownership recommended component.pkg
productbuild --package component.pkg --sign "$installer" --timestamp hauswart-agent.pkg
rm component.pkg
xcrun notarytool submit hauswart-agent.pkg --keychain-profile "$profile" --wait
xcrun stapler staple hauswart-agent.pkg
spctl --assess --type install --verbose hauswart-agent.pkg
