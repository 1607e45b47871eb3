#!/bin/sh
# Judges PDF files, and every *.pdf under folders, against PDF/A-2b with veraPDF.
# Fetches the judge once into .java/ at the top of the project. Fails when it is absent or a file is not compliant.
# Without arguments it writes renditions of every sort and judges those, then makes sure that it can say no.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
home="$top/.java"
python=${PYTHON:-$top/.venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() {
    if ! command -v javac >/dev/null || ! command -v mvn >/dev/null; then
        [ "$(id -u)" = 0 ] || { echo "judge: needs javac and mvn (default-jdk-headless, maven)" >&2; exit 3; }
        apt-get install -y -qq default-jdk-headless maven
    fi
    rm -rf "$home/part"
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$home/part/lib"
    javac -d "$home/part/classes" -cp "$home/part/lib/*" "$here/Judge.java"
    cp "$here/pom.xml" "$here/Judge.java" "$home/part/"
    rm -rf "$home/judge"
    mv "$home/part" "$home/judge"
}

judge() {
    : >"$work/names"
    for name in "$@"; do
        if [ -d "$name" ]; then
            find "$name" -type f -name '*.pdf' -print0 | sort -z >>"$work/names"
        elif [ -f "$name" ]; then
            printf '%s\0' "$name" >>"$work/names"
        else
            echo "judge: no such file: $name" >&2
            return 2
        fi
    done
    [ -s "$work/names" ] || { echo "judge: no PDF among: $*" >&2; return 2; }
    xargs -0 java -cp "$home/judge/lib/*:$home/judge/classes" Judge <"$work/names"
}

if ! cmp -s "$here/pom.xml" "$home/judge/pom.xml" || ! cmp -s "$here/Judge.java" "$home/judge/Judge.java"; then fetch; fi

if [ $# -gt 0 ]; then
    judge "$@"
    exit
fi

mkdir "$work/good" "$work/bad"
(cd "$top" && "$python" -m tests.judge.written "$work/good" "$work/bad")
judge "$work/good"
for name in "$work"/bad/*.pdf; do
    if judge "$name"; then
        echo "judge: passed a file that is no PDF/A: $name" >&2
        exit 1
    fi
done
echo "judge: renditions pass, the counterexamples fail as they must"
