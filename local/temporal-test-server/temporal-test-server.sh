#!/bin/sh
# Temporal's time-skipping test server as one executable, the form in which the TypeScript SDK takes it.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec java -Xmx256m -XX:TieredStopAtLevel=1 -cp "$here/lib/*" io.temporal.testserver.TestServer "$@"
