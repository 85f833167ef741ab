#!/usr/bin/env bash
# Runs every test. On Debian and Ubuntu it first installs what the tests need beside the .NET SDK;
# elsewhere it names what is missing, and the tests that need it say that they were left out.
#   usage: ./test.sh [options of 'dotnet test', for example --filter FullyQualifiedName~Connect]
set -uo pipefail
cd "$(dirname "$0")"

missing=()
need() { command -v "$1" >/dev/null 2>&1 || [ -e "${3:-/nonexistent}" ] || missing+=("$2"); }
need chromium chromium /usr/bin/chromium
need node nodejs
need npm npm
need redis-server redis-server
need nginx nginx-light /usr/sbin/nginx
need docker-compose docker-compose
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need initdb postgresql

if [ ${#missing[@]} -gt 0 ]; then
  if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1; }; then
    as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
    echo "Installing: ${missing[*]}"
    as_root apt-get update -qq -o DPkg::Lock::Timeout=300 &&
      DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "${missing[@]}" >/dev/null || exit 1
  else
    echo "Not on this machine, so the tests that need them are left out: ${missing[*]}"
  fi
fi

set -e
dotnet tool restore >/dev/null
dotnet csharpier check .
dotnet restore AuthServer.sln --locked-mode
relying_parties=AuthServer.Tests/RelyingParties/node
if command -v npm >/dev/null 2>&1 &&
  [ "$relying_parties/package-lock.json" -nt "$relying_parties/node_modules/.package-lock.json" ]; then
  npm ci --prefix "$relying_parties" --no-audit --no-fund --silent ||
    echo "npm could not fetch its packages, so the tests that need them are left out."
fi
dotnet build AuthServer.sln --no-restore -v q -nologo
for context in SqliteAuthDb PostgreSqlAuthDb; do
  dotnet ef migrations has-pending-model-changes --no-build --project AuthServer --context $context >/dev/null ||
    { echo "The model has changed: add a migration to $context."; exit 1; }
done
set +e

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet test AuthServer.sln --no-build --logger trx --results-directory "$results" "$@"
code=$?

# Once more on the other database: what reads and writes it, and above all what several do at once.
if [ $# -eq 0 ] && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  on_both=Connect.Refresh,Connect.FamilyEnd,Connect.AuthorizationCode,Connect.Revocation,Connect.Consent,Connect.EndSession
  on_both+=,Connect.PushedAuthorization,Connect.TokenMatrix,Connect.Introspection,Connect.Apps,Keys.KeyStore,Keys.Rotation
  on_both+=,Audit.AuditEvent,Accounts.Profile,Accounts.Recovery,Accounts.Register,Accounts.External.LinkedLogins
  on_both+=,Accounts.External.MailboxProof,Clients.ClientSync,Data.DataProtection,Edge.ErrorsTests,Upkeep
  AUTHSERVER_TESTS_DATABASE=PostgreSql dotnet test AuthServer.Tests --no-build --logger trx --results-directory "$results" \
    --filter "(FullyQualifiedName~Tests.${on_both//,/|FullyQualifiedName~Tests.})&FullyQualifiedName!~nowhere_in_the_database" || code=$?
fi

# The numbers come from the result files: a test host that died must not look like '0 failed'.
passed=0 failed=0 skipped=0 files=0
for file in "$results"/*.trx; do
  [ -e "$file" ] || continue
  files=$((files + 1))
  count() { grep -o "<UnitTestResult [^>]*outcome=\"$1\"" "$file" | wc -l; }
  passed=$((passed + $(count Passed)))
  failed=$((failed + $(count Failed)))
  skipped=$((skipped + $(count NotExecuted)))
done

[ "$code" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
[ "$passed" -eq 0 ] && code=1
[ "$skipped" -gt 0 ] && echo "$skipped left out"
echo "$passed passed, $failed failed"
exit "$code"
