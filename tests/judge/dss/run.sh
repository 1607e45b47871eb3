#!/bin/sh
# Judges the signatures of PDF files with the EU's DSS: run.sh ANCHORS FILE... (ANCHORS: a folder of *.crt).
# Fetches the judge once into .java/ at the top of the project. Fails when it is absent.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
home="$here/../../../.java"
mkdir -p "$home"

if ! cmp -s "$here/pom.xml" "$home/dss/pom.xml" || ! cmp -s "$here/Dss.java" "$home/dss/Dss.java"; then
    rm -rf "$home/dss-part"
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$home/dss-part/lib" >&2
    javac -d "$home/dss-part/classes" -cp "$home/dss-part/lib/*" "$here/Dss.java"
    cp "$here/pom.xml" "$here/Dss.java" "$home/dss-part/"
    rm -rf "$home/dss"
    mv "$home/dss-part" "$home/dss"
fi
exec java -Xmx1g -cp "$home/dss/lib/*:$home/dss/classes" Dss "$@"
